// swift-tools-version: 6.2

import Foundation
import PackageDescription

/// The words that `pkg-config` answers, or nil where the package is not installed.
///
/// SwiftPM's own reader stops at the comment in Debian's `libdpdk.pc` and drops `-include` and `-march`,
/// without which DPDK's `static inline` functions do not compile; so the question is asked here.
func pkgConfig(_ arguments: String...) -> [String]? {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/pkg-config")
  process.arguments = arguments
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return nil }
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { return nil }
  return text.split(whereSeparator: \.isWhitespace).map(String.init)
}

let strict: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (Context.environment["WARNINGS_AS_ERRORS"] == "1" ? [.unsafeFlags(["-warnings-as-errors"])] : [])

let dpdkCompile = pkgConfig("--cflags", "libdpdk")
let dpdkLink = pkgConfig("--libs", "libdpdk")

// Every Swift target that reaches `CDPDK` needs the C flags, tests included.
let dpdkSwift = strict + [.unsafeFlags((dpdkCompile ?? []).flatMap { ["-Xcc", $0] })]

// Each word goes behind -Xlinker: otherwise the driver moves `--as-needed` behind the libraries, and 50 load instead of 9.
let dpdkLinker: [LinkerSetting] = [
  .unsafeFlags(
    (dpdkLink ?? [])
      .map { $0.hasPrefix("-Wl,") ? String($0.dropFirst(4)) : $0 }
      .flatMap { ["-Xlinker", $0] })
]

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

var targets: [Target] = [
  .systemLibrary(
    name: "CKmod", pkgConfig: "libkmod", providers: [.apt(["libkmod-dev"]), .yum(["kmod-devel"])]),
  .systemLibrary(
    name: "CUdev", pkgConfig: "libudev", providers: [.apt(["libudev-dev"]), .yum(["systemd-devel"])]),
  .systemLibrary(name: "CNetlink"),
  .systemLibrary(name: "CLinuxCalls"),
  .target(name: "EngineMessages", swiftSettings: strict),
  .target(
    name: "Provisioning",
    dependencies: ["EngineMessages", system, .product(name: "Yams", package: "Yams")],
    swiftSettings: strict),
  .target(
    name: "LinuxHost",
    dependencies: [
      "Provisioning", "EngineMessages", "CKmod", "CUdev", "CNetlink", "CLinuxCalls", system,
      .product(name: "Subprocess", package: "swift-subprocess"),
    ],
    swiftSettings: strict),
  .executableTarget(
    name: "dpdk-host",
    dependencies: ["LinuxHost", "Provisioning", "EngineMessages", argumentParser, system],
    swiftSettings: strict),
  .target(
    name: "TestSupport",
    dependencies: ["Provisioning", system, .product(name: "Subprocess", package: "swift-subprocess")],
    path: "Tests/TestSupport", swiftSettings: strict),
  .testTarget(name: "EngineMessagesTests", dependencies: ["EngineMessages"], swiftSettings: strict),
  .testTarget(
    name: "ProvisioningTests", dependencies: ["Provisioning", "EngineMessages", system], exclude: ["Cases"],
    swiftSettings: strict),
  .testTarget(
    name: "LinuxHostTests",
    dependencies: ["dpdk-host", "LinuxHost", "Provisioning", "EngineMessages", "TestSupport", system],
    exclude: ["BootCases"], swiftSettings: strict),
  .testTarget(
    name: "CommandTests",
    dependencies: [
      "dpdk-host", "Provisioning", "EngineMessages", "TestSupport", system,
    ],
    swiftSettings: strict),
]

// Without libdpdk everything but the engine builds; the Makefile installs it, or says so.
if dpdkCompile != nil, dpdkLink != nil {
  targets += [
    .systemLibrary(name: "CDPDK"),
    .target(
      name: "TrafficEngine",
      dependencies: ["CDPDK", "EngineMessages", .product(name: "Histogram", package: "hdrhistogram-swift")],
      swiftSettings: dpdkSwift, linkerSettings: dpdkLinker),
    .executableTarget(
      name: "dpdk-host-engine",
      dependencies: ["TrafficEngine", "EngineMessages", argumentParser, system],
      swiftSettings: dpdkSwift),
    // A device under test for the engine's tests: built optimised with them, never shipped.
    .executableTarget(
      name: "packet-relay", dependencies: ["CDPDK", argumentParser], path: "Tests/PacketRelay",
      swiftSettings: dpdkSwift + [.unsafeFlags(["-O"])], linkerSettings: dpdkLinker),
    .testTarget(
      name: "TrafficEngineTests",
      dependencies: [
        "TrafficEngine", "EngineMessages", "dpdk-host-engine", "packet-relay", "TestSupport", system,
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      swiftSettings: dpdkSwift),
  ]
}

let package = Package(
  name: "dpdk-host",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: targets,
  swiftLanguageModes: [.v6]
)
