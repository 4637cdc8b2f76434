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

#include <rte_config.h>
#include <rte_version.h>
/* It has rte_pcapng.h, the names with RTE_ETH_, `rxmode.mtu` and `rte_eth_fp_ops`. */
#if RTE_VERSION < RTE_VERSION_NUM(21, 11, 0, 0)
#error "the engine needs DPDK 21.11 or later: install a newer libdpdk"
#endif

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
#include <rte_mbuf_dyn.h>
#include <rte_mempool.h>
#include <rte_pcapng.h>
#include <rte_telemetry.h>

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

/* rte_lcore_cpuset, whose header declares it behind _GNU_SOURCE alone: a cpu_set_t of glibc. */
typedef struct { unsigned char bytes[128]; } cdpdk_cpuset;
cdpdk_cpuset cdpdk_lcore_cpuset(unsigned int lcore) __asm__("rte_lcore_cpuset");

static inline int cdpdk_lcore_has_cpu(unsigned int lcore, unsigned int cpu) {
  cdpdk_cpuset set = cdpdk_lcore_cpuset(lcore);
  return cpu / 8 < sizeof(set.bytes) && (set.bytes[cpu / 8] >> (cpu % 8) & 1);
}

/* Compound macros over 64-bit shifts. */
static inline uint64_t cdpdk_rss_ip(void) { return RTE_ETH_RSS_IP; }
static inline uint64_t cdpdk_rss_udp(void) { return RTE_ETH_RSS_UDP; }
static inline uint64_t cdpdk_rss_tcp(void) { return RTE_ETH_RSS_TCP; }
/* Without the extension headers of IPv6 and fragments, which a port may leave out. */
static inline uint64_t cdpdk_rss_ip_least(void) { return RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_IPV6; }
static inline uint64_t cdpdk_rss_udp_least(void) { return RTE_ETH_RSS_NONFRAG_IPV4_UDP | RTE_ETH_RSS_NONFRAG_IPV6_UDP; }
static inline uint64_t cdpdk_rss_tcp_least(void) { return RTE_ETH_RSS_NONFRAG_IPV4_TCP | RTE_ETH_RSS_NONFRAG_IPV6_TCP; }
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

/*
 * Whether `rte_pktmbuf_prefree_seg` would leave an mbuf as it is: one segment, one reference, its own buffer. All of it lies
 * in the first cache line; `next`, in the second, is NULL where there is one segment.
 */
static inline bool cdpdk_mbuf_is_plain(const struct rte_mbuf *mbuf) {
  return (mbuf->refcnt == 1) & (mbuf->nb_segs == 1) & RTE_MBUF_DIRECT(mbuf);
}
static inline struct rte_mempool *cdpdk_mbuf_pool(const struct rte_mbuf *mbuf) { return mbuf->pool; }

/* Takes an array of mbufs for what it is, an array of objects. */
static inline void cdpdk_put_bulk(struct rte_mempool *pool, struct rte_mbuf *const *mbufs, unsigned int count) {
  rte_mempool_put_bulk(pool, (void *const *)mbufs, count);
}

/* Where a frame begins in an mbuf of a pool without private areas, fresh from it: a place that need not be looked up. */
static inline void *_Nonnull cdpdk_mbuf_start(const struct rte_mbuf *mbuf) {
  return (char *)(uintptr_t)(mbuf + 1) + RTE_PKTMBUF_HEADROOM;
}

/* Takes `count` mbufs as their last user left them, or none. */
static inline int cdpdk_take(struct rte_mempool *pool, struct rte_mbuf *_Nullable *_Nonnull mbufs, unsigned int count) {
  return rte_mempool_get_bulk(pool, (void **)mbufs, count);
}

/*
 * Makes an mbuf of a pool one frame of `length` bytes, as `rte_pktmbuf_reset` does, with two stores to its first cache
 * line: `next` and `nb_segs` are right in any mbuf that was freed, and without flags nobody reads the rest of the second.
 */
static inline void cdpdk_mbuf_prepare(struct rte_mbuf *mbuf, uint16_t length) {
  typedef uint64_t pair __attribute__((vector_size(16), aligned(16), may_alias));
  const uint64_t rearm =
      RTE_PKTMBUF_HEADROOM | (uint64_t)1 << 16 | (uint64_t)1 << 32 | (uint64_t)RTE_MBUF_PORT_INVALID << 48;
  *(pair *)&mbuf->rearm_data = (pair){rearm, 0};
  *(pair *)&mbuf->rx_descriptor_fields1 = (pair){(uint64_t)length << 32, length};
}
_Static_assert(offsetof(struct rte_mbuf, ol_flags) == offsetof(struct rte_mbuf, rearm_data) + 8, "mbuf: flags");
_Static_assert(offsetof(struct rte_mbuf, refcnt) == offsetof(struct rte_mbuf, data_off) + 2, "mbuf: reference count");
_Static_assert(offsetof(struct rte_mbuf, nb_segs) == offsetof(struct rte_mbuf, data_off) + 4, "mbuf: segments");
_Static_assert(offsetof(struct rte_mbuf, port) == offsetof(struct rte_mbuf, data_off) + 6, "mbuf: port");
_Static_assert(
    offsetof(struct rte_mbuf, pkt_len) == offsetof(struct rte_mbuf, rx_descriptor_fields1) + 4, "mbuf: packet length");
_Static_assert(
    offsetof(struct rte_mbuf, data_len) == offsetof(struct rte_mbuf, rx_descriptor_fields1) + 8, "mbuf: data length");

static inline void cdpdk_prefetch(const void *_Nullable place) { rte_prefetch0(place); }

/* Bytes from the first one of a packet to the end of its mbuf. */
static inline uint16_t cdpdk_mbuf_room(const struct rte_mbuf *mbuf) { return mbuf->buf_len - mbuf->data_off; }

/* `rte_tel_data_add_dict_u64` became `…_uint` in 23.03, and is gone since 25.11. */
static inline int cdpdk_telemetry_add(struct rte_tel_data *data, const char *name, uint64_t value) {
#if RTE_VERSION >= RTE_VERSION_NUM(23, 3, 0, 0)
  return rte_tel_data_add_dict_uint(data, name, value);
#else
  return rte_tel_data_add_dict_u64(data, name, value);
#endif
}

/* Takes an `int64_t` since 23.03. */
static inline int cdpdk_telemetry_append(struct rte_tel_data *array, int value) {
  return rte_tel_data_add_array_int(array, value);
}

/* Without a time of ours since 23.11, with a comment since 23.03. */
static inline struct rte_mbuf *cdpdk_capture(
    uint16_t port, uint16_t queue, const struct rte_mbuf *packet, struct rte_mempool *pool, uint32_t length, int sent) {
  enum rte_pcapng_direction direction = sent ? RTE_PCAPNG_DIRECTION_OUT : RTE_PCAPNG_DIRECTION_IN;
#if RTE_VERSION >= RTE_VERSION_NUM(23, 11, 0, 0)
  return rte_pcapng_copy(port, queue, packet, pool, length, direction, NULL);
#elif RTE_VERSION >= RTE_VERSION_NUM(23, 3, 0, 0)
  return rte_pcapng_copy(port, queue, packet, pool, length, rte_get_tsc_cycles(), direction, NULL);
#else
  return rte_pcapng_copy(port, queue, packet, pool, length, rte_get_tsc_cycles(), direction);
#endif
}

/*
 * Puts the time into a copy's block (draft-ietf-opsawg-pcapng, 4.3), nanoseconds since 1970. Up to 23.07 `rte_pcapng_copy` does so,
 * seen with 22.11 to be off by the whole range of the counter; later releases convert the counter's reading when they write.
 */
static inline void cdpdk_capture_set_time(struct rte_mbuf *copy, uint64_t nanoseconds) {
#if RTE_VERSION < RTE_VERSION_NUM(23, 11, 0, 0)
  uint32_t *block = rte_pktmbuf_mtod(copy, uint32_t *);
  block[3] = (uint32_t)(nanoseconds >> 32);
  block[4] = (uint32_t)nanoseconds;
#else
  (void)copy, (void)nanoseconds;
#endif
}

/* Up to 22.11 the file has all ports as soon as it is opened; the link type came with 25.11. */
static inline int cdpdk_capture_add_port(rte_pcapng_t *file, uint16_t port, const char *name) {
#if RTE_VERSION >= RTE_VERSION_NUM(25, 11, 0, 0)
  return rte_pcapng_add_interface(file, port, DLT_EN10MB, name, NULL, NULL);
#elif RTE_VERSION >= RTE_VERSION_NUM(23, 3, 0, 0)
  return rte_pcapng_add_interface(file, port, name, NULL, NULL);
#else
  (void)file, (void)port, (void)name;
  return 0;
#endif
}

/* Whether a flag is set, and no longer is. */
static inline int cdpdk_mbuf_take_flag(struct rte_mbuf *mbuf, uint64_t flag) {
  int is_set = (mbuf->ol_flags & flag) != 0;
  mbuf->ol_flags &= ~flag;
  return is_set;
}
static inline void cdpdk_mbuf_set_flag(struct rte_mbuf *mbuf, uint64_t flag) { mbuf->ol_flags |= flag; }
static inline int cdpdk_mbuf_has_flag(const struct rte_mbuf *mbuf, uint64_t flag) { return (mbuf->ol_flags & flag) != 0; }

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
 * The drivers' side of ethdev, which tells of a removal. Its header (`ethdev_driver.h`) is
 * installed only where DPDK was built with `enable_driver_sdk`; the library exports both functions in any case, with these
 * prototypes from 21.11 to 24.11. A port is found by its name: so nothing of `struct rte_eth_dev` need be known.
 */
struct rte_eth_dev;
extern struct rte_eth_dev *rte_eth_dev_allocated(const char *name);
extern int rte_eth_dev_callback_process(struct rte_eth_dev *dev, enum rte_eth_event_type event, void *ret_param);

/* The burst functions of a device, which are the first two members of `struct rte_eth_dev` from 21.11 to 24.11. */
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
 * own: then its members are where we take them for.
 */
static inline void cdpdk_call_bursts(uint16_t port, struct cdpdk_bursts own, struct cdpdk_bursts wanted) {
  struct rte_eth_fp_ops *called = &rte_eth_fp_ops[port];
  if (wanted.receive == NULL || wanted.send == NULL || (void *)called->rx_pkt_burst != own.receive ||
      (void *)called->tx_pkt_burst != own.send)
    return;
  called->rx_pkt_burst = (eth_rx_burst_t)wanted.receive;
  called->tx_pkt_burst = (eth_tx_burst_t)wanted.send;
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
