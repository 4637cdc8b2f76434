/// The version of both programs, which are built and shipped together.
public let programVersion = "0.1.0"
