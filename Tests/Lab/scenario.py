"""A scenario: a file of shell that says by '#:' lines what machine it wants, and by functions what must hold.

    #: from snapshot|kernel|grub     continued where it had booted; booted past GRUB; booted by GRUB. Only the latter two
                                     can boot again, and have the product installed in /usr
    #: kernel 6.1                    as build-image knows it
    #: qemu 10                       that of Debian 13, not this machine's
    #: guest NAME                    a machine of that name; what follows is its own, what stood before is that of all
    #: node cpus=1 memory=1024       a NUMA node, MiB; all nodes with processors have as many
    #: nic vmxnet3 mac=… link=a node=1    those of one link are on one cable, which may lead to another guest; node: behind
                                     a host bridge of that node
    #: iommu                         a virtual one
    #: azure                         the firmware says what Azure's says
    #: arguments TEXT                of the kernel, where it is booted past GRUB
    #: seed FILE                     user-data for cloud-init
    #: module fake-netvsc            built for the kernel, beside the steps
    #: seconds N                     until it is given up (300)

    image_NAME    runs on this machine before the first boot, with the disk mounted at $root
    bootN_NAME    runs in the guest in its Nth boot; a scenario with boot2_ and no boot1_ is one that reboots by itself.
                  Where guests have names, theirs stand for 'boot'
"""

import copy
import re


class Guest:
    """A machine as a scenario wants it."""

    def __init__(self):
        self.name = 'boot'
        self.kernel, self.qemu, self.nodes, self.nics = '6.1', '', [], []
        self.iommu, self.azure, self.arguments, self.seed, self.module = False, False, '', None, None

    def checks(self, source):
        """The functions that run in it, as they are told of."""
        names = re.findall(rf'^({self.name}\d+_[a-z0-9_]+)\(\)', source, re.M)
        return [name.removeprefix('boot') for name in names]


class Scenario:
    def __init__(self, path):
        with open(path) as file:
            self.source = file.read()
        self.path = path
        self.name = path.rsplit('/', 1)[-1]
        self.boot, self.seconds = 'snapshot', 300
        common, self.guests = Guest(), []
        self.summary = next((line[2:] for line in self.source.splitlines() if re.match('# (?!shellcheck)', line)), '')
        for line in self.source.splitlines():
            if not line.startswith('#: '):
                continue
            word, _, rest = re.sub(r'\s+#.*', '', line[3:]).strip().partition(' ')
            guest = self.guests[-1] if self.guests else common
            pairs = dict(part.split('=', 1) for part in rest.split() if '=' in part)
            match word:
                case 'from' if rest in ('snapshot', 'kernel', 'grub'):
                    self.boot = rest
                case 'guest':
                    self.guests.append(copy.deepcopy(common))
                    self.guests[-1].name = rest
                case 'node':
                    guest.nodes.append(pairs)
                case 'nic':
                    guest.nics.append({'model': rest.split()[0], **pairs})
                case 'iommu' | 'azure':
                    setattr(guest, word, True)
                case 'kernel' | 'qemu' | 'arguments' | 'seed' | 'module':
                    setattr(guest, word, rest)
                case 'seconds':
                    self.seconds = int(rest)
                case _:
                    raise ValueError(f"{path}: '{line}' says nothing that is known")
        self.on_image = re.findall(r'^image_([a-z0-9_]+)\(\)', self.source, re.M)
        self.guests = self.guests or [common]
        self.in_guests = [name for guest in self.guests for name in guest.checks(self.source)]
        if self.on_image and self.boot == 'snapshot':
            raise ValueError(f'{path}: a snapshot has booted, its image cannot be changed before')
        if len(self.guests) > 1 and self.boot != 'snapshot':
            raise ValueError(f'{path}: guests that boot themselves come one in a scenario')

    def cables(self, folder):
        """For each guest that has any, its links to another guest: the socket, and whether this side makes it."""
        ends = {}
        for guest in self.guests:
            for nic in guest.nics:
                if 'link' in nic:
                    ends.setdefault(nic['link'], []).append(guest)
        cables = {guest.name: {} for guest in self.guests}
        for link, guests in ends.items():
            if len({guest.name for guest in guests}) > 1:
                if len(guests) > 2:
                    raise ValueError(f"{self.path}: link '{link}' between guests has more than two ends")
                for guest in guests:
                    cables[guest.name][link] = (f'{folder}/link-{link}', guest is guests[0])
        return cables


class Check:
    """What came of one function of a scenario: 'ok', 'FAILED', 'skipped', or 'missing' where it was never run."""

    def __init__(self, name, result, seconds=0.0, reason=''):
        self.name, self.result, self.seconds, self.reason = name, result, seconds, reason

    @classmethod
    def read(cls, text):
        """The checks in what a guest, or prepare-disk, said."""
        for line in text.splitlines():
            if found := re.match(r'check (ok|FAILED|skipped) (\S+) (\S+) ?(.*)', line):
                yield cls(found[2], found[1], float(found[3]), found[4].strip())
