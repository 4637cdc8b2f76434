#pragma once
/*
 * What Swift cannot see of DPDK: fields of over-aligned structures (`rte_mbuf`, imported as an opaque
 * pointer), macros, and variables. All of it is inlined into the data path.
 */
/* `rte_intr_instance_alloc` and its like are experimental still; there is no other way to a source. */
#define ALLOW_EXPERIMENTAL_API
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>

#include <rte_alarm.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_hypervisor.h>
#include <rte_interrupts.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_log.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <rte_version.h>

/* `rte_errno` is a macro over a thread-local variable. */
static inline int cdpdk_errno(void) { return rte_errno; }

/* `stderr` is a variable, which Swift 6 does not let itself be read from everywhere. */
static inline int cdpdk_log_to_stderr(void) { return rte_openlog_stream(stderr); }

/* The next port from `port` on that no other port owns; RTE_MAX_ETHPORTS and above when there is none. */
static inline uint64_t cdpdk_next_unowned_port(uint16_t port) {
  return rte_eth_find_next_owned_by(port, RTE_ETH_DEV_NO_OWNER);
}

/* The next enabled lcore after `lcore` that is not the main one; RTE_MAX_LCORE when there is none. */
static inline unsigned int cdpdk_next_worker(unsigned int lcore) { return rte_get_next_lcore(lcore, 1, 0); }
static inline unsigned int cdpdk_first_worker(void) { return rte_get_next_lcore(-1, 1, 0); }

/* Compound macros over 64-bit shifts. */
static inline uint64_t cdpdk_rss_ip_udp(void) { return RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP; }
static inline uint64_t cdpdk_fast_free(void) { return RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE; }

/* `rte_eth_link` is 8-byte aligned and made of bit-fields. */
static inline int cdpdk_link_is_up(uint16_t port, int *up) {
  struct rte_eth_link link;
  int error = rte_eth_link_get_nowait(port, &link);
  *up = error == 0 && link.link_status == RTE_ETH_LINK_UP;
  return error;
}

/*
 * Some drivers raise the event of a removal only where they were asked to. Not so that of the link: who asks for it is told no
 * link that is looked for any more, and a failsafe asks for it over sub-devices that never raise it.
 */
static inline void cdpdk_ask_for_removal_event(uint16_t port, struct rte_eth_conf *conf) {
  struct rte_eth_dev_info info;
  if (rte_eth_dev_info_get(port, &info) != 0 || info.dev_flags == NULL) return;
  conf->intr_conf.rmv = (*info.dev_flags & RTE_ETH_DEV_INTR_RMV) != 0;
}

/* One queue set-up of `rte_eth_dev_configure`; `mtu` 0 leaves the driver's own. */
static inline int cdpdk_configure(uint16_t port, uint16_t queues, uint64_t rss, uint64_t tx_offloads, uint32_t mtu) {
  struct rte_eth_conf conf = {0};
  conf.rxmode.mq_mode = rss != 0 ? RTE_ETH_MQ_RX_RSS : RTE_ETH_MQ_RX_NONE;
  conf.rxmode.mtu = mtu;
  conf.rx_adv_conf.rss_conf.rss_hf = rss;
  conf.txmode.offloads = tx_offloads;
  cdpdk_ask_for_removal_event(port, &conf);
  return rte_eth_dev_configure(port, queues, queues, &conf);
}

/* <sched.h> hides it without _GNU_SOURCE, which a header of a module comes too late to define. */
extern int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);

static inline uint64_t cdpdk_tsc(void) { return rte_rdtsc(); }

static inline void *_Nonnull cdpdk_mbuf_data(const struct rte_mbuf *mbuf) { return rte_pktmbuf_mtod(mbuf, void *); }
static inline uint32_t cdpdk_mbuf_length(const struct rte_mbuf *mbuf) { return mbuf->pkt_len; }
static inline uint16_t cdpdk_mbuf_first_length(const struct rte_mbuf *mbuf) { return mbuf->data_len; }

static inline void cdpdk_mbuf_set_length(struct rte_mbuf *mbuf, uint16_t length) {
  mbuf->data_len = length;
  mbuf->pkt_len = length;
}

/* The events that a port's life is told by, from index 0 on; RTE_ETH_EVENT_MAX behind the last. */
static inline enum rte_eth_event_type cdpdk_port_event(unsigned int index) {
  static const enum rte_eth_event_type events[] = {
      RTE_ETH_EVENT_NEW,        RTE_ETH_EVENT_DESTROY,        RTE_ETH_EVENT_INTR_RMV,
      RTE_ETH_EVENT_INTR_LSC,   RTE_ETH_EVENT_INTR_RESET,
#if RTE_VERSION >= RTE_VERSION_NUM(22, 11, 0, 0)
      RTE_ETH_EVENT_ERR_RECOVERING, RTE_ETH_EVENT_RECOVERY_FAILED,
#endif
  };
  return index < sizeof(events) / sizeof(*events) ? events[index] : RTE_ETH_EVENT_MAX;
}

/*
 * The drivers' side of ethdev, which tells of a removal. Its header (`ethdev_driver.h`, `rte_ethdev_driver.h` until 21.02) is
 * installed only where DPDK was built with `enable_driver_sdk`; the library exports both functions in any case, with these
 * prototypes from 20.11 to 24.11. A port is found by its name: so nothing of `struct rte_eth_dev` need be known.
 */
struct rte_eth_dev;
extern struct rte_eth_dev *rte_eth_dev_allocated(const char *name);
extern int rte_eth_dev_callback_process(struct rte_eth_dev *dev, enum rte_eth_event_type event, void *ret_param);

/* The burst functions of a device, which are the first two members of `struct rte_eth_dev` from 20.11 to 24.11. */
struct cdpdk_bursts {
  void *_Nullable receive;
  void *_Nullable send;
};

static inline struct cdpdk_bursts cdpdk_device_bursts(const char *_Nonnull name) {
  struct cdpdk_bursts bursts = {NULL, NULL};
  const struct rte_eth_dev *device = rte_eth_dev_allocated(name);
  if (device != NULL) memcpy(&bursts, device, sizeof(bursts));
  return bursts;
}

/*
 * Has `rte_eth_rx_burst` and `rte_eth_tx_burst` of a port call other functions, where those that they call now are the device's
 * own: then its members are where we take them for. Before 21.11 they call the device's own, which it changes itself.
 */
static inline void cdpdk_call_bursts(uint16_t port, struct cdpdk_bursts own, struct cdpdk_bursts wanted) {
#if RTE_VERSION >= RTE_VERSION_NUM(21, 11, 0, 0)
  struct rte_eth_fp_ops *called = &rte_eth_fp_ops[port];
  if (wanted.receive == NULL || wanted.send == NULL || (void *)called->rx_pkt_burst != own.receive ||
      (void *)called->tx_pkt_burst != own.send)
    return;
  called->rx_pkt_burst = (eth_rx_burst_t)wanted.receive;
  called->tx_pkt_burst = (eth_tx_burst_t)wanted.send;
#endif
}

/*
 * Says of a device that its driver raises its removal, as mlx4 and mlx5 do: failsafe listens to no other. To be said before
 * the failsafe is configured. `dev_flags` are the device's own, and writable for their driver.
 */
static inline int cdpdk_promise_removal_event(uint16_t port) {
  struct rte_eth_dev_info info;
  int error = rte_eth_dev_info_get(port, &info);
  if (error == 0 && info.dev_flags != NULL) *(uint32_t *)(uintptr_t)info.dev_flags |= RTE_ETH_DEV_INTR_RMV;
  return error;
}

/* Raises the removal of a device as its driver does; to be called on EAL's interrupt thread, as drivers do. */
static inline int cdpdk_raise_removal(const char *_Nonnull name) {
  struct rte_eth_dev *device = rte_eth_dev_allocated(name);
  return device == NULL ? -ENODEV : rte_eth_dev_callback_process(device, RTE_ETH_EVENT_INTR_RMV, NULL);
}
