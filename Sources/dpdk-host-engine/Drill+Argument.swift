public import ArgumentParser
public import EngineMessages

extension Drill: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
