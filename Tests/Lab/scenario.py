"""A scenario: a file of shell that says by '#:' lines what machine it wants, and by functions what must hold.

    #: from snapshot|kernel|grub     continued where it had booted; booted past GRUB; booted by GRUB. Only the latter two
                                     can boot again, and have the product installed in /usr
    #: kernel 6.1                    as build-image knows it
    #: node cpus=1 memory=1024       a NUMA node, MiB; all nodes with processors have as many
    #: nic vmxnet3 mac=… link=a node=1    those of one link are on one cable; node: behind a host bridge of that node
    #: iommu                         a virtual one
    #: azure                         the firmware says what Azure's says
    #: arguments TEXT                of the kernel, where it is booted past GRUB
    #: seed FILE                     user-data for cloud-init
    #: module fake-netvsc            built for the kernel, beside the steps
    #: seconds N                     until it is given up (300)

    image_NAME    runs on this machine before the first boot, with the disk mounted at $root
    bootN_NAME    runs in the guest in its Nth boot; a scenario with boot2_ and no boot1_ is one that reboots by itself
"""

import re


class Scenario:
    def __init__(self, path):
        with open(path) as file:
            self.source = file.read()
        self.path = path
        self.name = path.rsplit('/', 1)[-1]
        self.boot, self.kernel, self.nodes, self.nics = 'snapshot', '6.1', [], []
        self.iommu, self.azure, self.arguments, self.seed, self.module, self.seconds = False, False, '', None, None, 300
        self.summary = next((line[2:] for line in self.source.splitlines() if re.match('# (?!shellcheck)', line)), '')
        for line in self.source.splitlines():
            if not line.startswith('#: '):
                continue
            word, _, rest = re.sub(r'\s+#.*', '', line[3:]).strip().partition(' ')
            pairs = dict(part.split('=', 1) for part in rest.split() if '=' in part)
            match word:
                case 'from' if rest in ('snapshot', 'kernel', 'grub'):
                    self.boot = rest
                case 'node':
                    self.nodes.append(pairs)
                case 'nic':
                    self.nics.append({'model': rest.split()[0], **pairs})
                case 'iommu' | 'azure':
                    setattr(self, word, True)
                case 'kernel' | 'arguments' | 'seed' | 'module':
                    setattr(self, word, rest)
                case 'seconds':
                    self.seconds = int(rest)
                case _:
                    raise ValueError(f"{path}: '{line}' says nothing that is known")
        self.on_image = re.findall(r'^image_([a-z0-9_]+)\(\)', self.source, re.M)
        self.in_guest = re.findall(r'^boot(\d+_[a-z0-9_]+)\(\)', self.source, re.M)
        if self.on_image and self.boot == 'snapshot':
            raise ValueError(f'{path}: a snapshot has booted, its image cannot be changed before')


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
