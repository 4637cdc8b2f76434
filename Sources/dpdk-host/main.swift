print("dpdk-host")
