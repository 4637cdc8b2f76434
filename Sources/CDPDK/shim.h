#pragma once
#include <rte_eal.h>
#include <rte_ethdev.h>
