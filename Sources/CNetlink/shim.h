#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

// Swift does not read the macro: all but the two highest bits of an attribute's type.
static const unsigned short cnetlink_attribute_type_mask = (unsigned short)NLA_TYPE_MASK;
