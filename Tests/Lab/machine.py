"""A machine of the lab: QEMU without KVM, told by a scenario what it has; and the same one again out of a snapshot.

A guest gets its steps as a disk, says on its second serial line how they went, and leaves what it wrote on another disk.
What one guest of a scenario announces on that line the others are told on theirs.
"""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import time

# The oldest processor that DPDK of Debian runs on, with pages of 1 GiB: what an emulated one has more is only slower.
PROCESSOR = 'Nehalem,+pdpe1gb'
KERNEL_ARGUMENTS = ('ro console=ttyS0,115200 net.ifnames=0 mitigations=off tsc=reliable clocksource=tsc audit=0 quiet '
                    'systemd.show_status=1 root=UUID=6d0e3c4b-0d5e-4a53-9a3e-5b1f0c6a1001')
# Where the disks of a machine that was booted once are plugged in.
PORTS = [part for number, name in enumerate(('result', 'product', 'steps'))
         for part in ('-device', f'pcie-root-port,id=for-{name},bus=pcie.0,chassis={101 + number},slot={101 + number}')]
# While this file exists, machines stand still: somebody measures on the same processors.
PAUSE = os.environ.get('LAB_PAUSE')


class Failure(Exception):
    """The machine did not do what the lab needs of it, whatever the product did."""


def wait_while_paused():
    while PAUSE and os.path.exists(PAUSE):
        time.sleep(1)


def disk_of(directory, file, label):
    """A file system with the content of a directory, made without mounting anything."""
    size = int(subprocess.check_output(['du', '-sk', directory]).split()[0]) * 9 // 8 + 4096
    if os.path.exists(file):
        os.remove(file)
    subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-L', label, '-E', 'root_owner=0:0',
                    '-d', directory, file, f'{size}k'], check=True, stdout=subprocess.DEVNULL)


class Monitor:
    """QEMU's machine protocol."""

    def __init__(self, path, process):
        self.socket = socket.socket(socket.AF_UNIX)
        for _ in range(200):
            try:
                self.socket.connect(path)
                break
            except OSError:
                if process.poll() is not None:
                    raise Failure('qemu ended at once, see qemu.log') from None
                time.sleep(0.05)
        else:
            raise Failure('qemu does not listen to its monitor')
        self.stream = self.socket.makefile('rw')
        self.stream.readline()
        self('qmp_capabilities')

    def __call__(self, command, **arguments):
        self.stream.write(json.dumps({'execute': command, 'arguments': arguments}) + '\n')
        self.stream.flush()
        while line := self.stream.readline():
            answer = json.loads(line)
            if 'error' in answer:
                raise Failure(f'{command}: {answer["error"]["desc"]}')
            if 'return' in answer:
                return answer['return']
        raise Failure(f'qemu is gone at {command}')


def nodes_of(guest):
    """QEMU's arguments for processors and memory."""
    nodes = guest.nodes or [{'cpus': '2', 'memory': '2048'}]
    sockets = [number for number, node in enumerate(nodes) if int(node.get('cpus', 0))]
    cores = int(nodes[sockets[0]]['cpus'])
    memory = sum(int(node.get('memory', 0)) for node in nodes)
    command = ['-m', f'{memory}M', '-smp', f'{len(sockets) * cores},sockets={len(sockets)},cores={cores},threads=1']
    for number, node in enumerate(nodes):
        size = int(node.get('memory', 0))
        if size:
            command += ['-object', f'memory-backend-ram,id=memory{number},size={size}M']
        command += ['-numa', f'node,nodeid={number}' + (f',memdev=memory{number}' if size else '')]
    for place, number in enumerate(sockets):
        for core in range(cores):
            command += ['-numa', f'cpu,node-id={number},socket-id={place},core-id={core},thread-id=0']
    return command


def interfaces_of(guest, cables):
    """QEMU's arguments for network interfaces; those with the same link are on one cable, which may lead to another guest."""
    command = ['-netdev', 'user,id=management,restrict=on,ipv6=off',
               '-device', 'virtio-net-pci,bus=pcie.0,netdev=management,mac=52:54:00:00:00:01']
    links = sorted({nic['link'] for nic in guest.nics if 'link' in nic})
    buses = {}
    for number, nic in enumerate(guest.nics):
        bus = 'pcie.0'
        if 'node' in nic: # behind a host bridge of that node
            if nic['node'] not in buses:
                buses[nic['node']] = 32 * (len(buses) + 1)
                command += ['-device', f'pxb-pcie,id=bridge{nic["node"]},bus=pcie.0,bus_nr={buses[nic["node"]]},'
                            f'numa_node={nic["node"]}']
            bus = f'port{number}'
            command += ['-device', f'pcie-root-port,id={bus},bus=bridge{nic["node"]},chassis={number + 1}']
        link = nic.get('link')
        if link in cables:
            path, makes = cables[link]
            command += ['-netdev', f'stream,id=cable{number},server={"on" if makes else "off"},addr.type=unix,addr.path={path}']
        else:
            command += ['-netdev', f'hubport,id=cable{number},hubid={links.index(link) if link else 100 + number}']
        command += ['-device', f'{nic["model"]},bus={bus},netdev=cable{number},mac={nic["mac"]}']
    return command


def await_ends(machines, seconds):
    """Waits for the end of all steps, passes on what is announced, and stands still where somebody asks for it; time that
    stands still does not count."""
    heard = set()
    while not all(machine.has_ended() for machine in machines):
        for machine in machines:
            for word in set(machine.announced()) - heard:
                heard.add(word)
                for other in machines:
                    if other is not machine:
                        other.tell(word)
        if PAUSE and os.path.exists(PAUSE):
            still = [machine for machine in machines if machine.process.poll() is None]
            for machine in still:
                machine.monitor('stop') # its clock too
            wait_while_paused()
            for machine in still:
                machine.monitor('cont')
        time.sleep(0.1)
        seconds -= 0.1
        for machine in machines:
            if machine.process.poll() is not None and not machine.has_ended():
                raise Failure(f'the machine ended before its steps, see {machine.work}')
        if seconds < 0:
            raise Failure('no end of the steps in time')


class Machine:
    """One QEMU process, of the program `qemu`. `work` has its logs: console.log, steps.log, qemu.log."""

    def __init__(self, guest, image, work, boot, cables, qemu):
        self.guest, self.image, self.work, self.boot, self.cables, self.qemu = guest, image, work, boot, cables, qemu
        self.process = self.line = None

    def command(self, system, cables):
        command = self.qemu + ['-machine', 'q35' + (',kernel-irqchip=split' if self.guest.iommu else ''),
                   '-accel', 'tcg,thread=multi,tb-size=512', '-cpu', PROCESSOR, '-nodefaults', '-no-user-config',
                   '-display', 'none', '-vga', 'none', '-rtc', 'base=utc']
        if self.guest.iommu:
            command += ['-device', 'intel-iommu,intremap=on,caching-mode=on']
        if self.guest.azure:
            command += ['-smbios', 'type=1,manufacturer=Microsoft Corporation,product=Virtual Machine',
                        '-smbios', 'type=3,asset=7783-7084-3265-9085-8269-3286-77']
        command += nodes_of(self.guest) + ['-drive', f'file={system},if=none,id=system,format=qcow2,cache=unsafe',
                                              '-device', 'virtio-blk-pci,bus=pcie.0,drive=system,serial=system']
        command += interfaces_of(self.guest, cables)
        if self.boot != 'grub':
            stem = self.image[:-len('.raw')]
            arguments = f'{KERNEL_ARGUMENTS} {self.guest.arguments}'
            if not self.guest.seed:
                arguments += ' cloud-init=disabled'
            command += ['-kernel', stem + '.vmlinuz', '-initrd', stem + '.initrd', '-append', arguments]
        return command

    def start(self, command, extra=()):
        wait_while_paused()
        sides = ['-serial', f'file:{self.work}/console.log',
                 '-chardev', f'socket,id=steps,path={self.work}/steps,server=on,wait=off,logfile={self.work}/steps.log',
                 '-serial', 'chardev:steps', '-qmp', f'unix:{self.work}/monitor,server=on,wait=off']
        with open(f'{self.work}/qemu.log', 'w') as log:
            self.process = subprocess.Popen(command + sides + list(extra), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.monitor = Monitor(f'{self.work}/monitor', self.process)

    def until(self, holds, seconds, what):
        limit = time.monotonic() + seconds
        while not holds():
            time.sleep(0.1)
            if self.process.poll() is not None:
                raise Failure(f'the machine ended before {what}')
            if time.monotonic() > limit:
                raise Failure(f'no {what} in time')

    def has_ended(self):
        return '\nend\n' in '\n' + self.text('steps.log')

    def announced(self):
        return re.findall('^announced (.*)$', self.text('steps.log'), re.M)

    def tell(self, word):
        if not self.line:
            self.line = socket.socket(socket.AF_UNIX)
            self.line.connect(f'{self.work}/steps')
        self.line.sendall(f'{word}\n'.encode())

    def text(self, name):
        try:
            with open(f'{self.work}/{name}', errors='replace') as file:
                return file.read()
        except OSError:
            return ''

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def overlay(self, below, form, name='system.qcow2'):
        file = f'{self.work}/{name}'
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-b', os.path.abspath(below), '-F', form, file], check=True)
        return file

    # A machine that boots by itself, as often as its steps want.

    def run(self, disks):
        """Boots with these disks (name to file)."""
        extra = []
        for name, file in disks.items():
            access = ',cache=unsafe' if name == 'result' else ',readonly=on'
            extra += ['-drive', f'file={file},if=none,id={name},format=raw{access}',
                      '-device', f'virtio-blk-pci,bus=pcie.0,drive={name},serial={name}']
        self.start(self.command(self.overlay(self.image, 'raw'), self.cables), extra)

    # A machine that was booted once and is continued.

    def snapshot(self, store):
        """The folder with the state of this machine, booted; it is made where there is none."""
        placeholder = self.command('SYSTEM', {}) + PORTS
        version = subprocess.check_output(self.qemu + ['--version'], text=True)
        name = hashlib.sha256(json.dumps([placeholder[len(self.qemu):], version]).encode()).hexdigest()[:12]
        folder = f'{store}/snapshot-{name}'
        if not os.path.exists(f'{folder}/state'):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            machine = Machine(self.guest, self.image, folder, self.boot, {}, self.qemu)
            system = machine.overlay(self.image, 'raw')
            try:
                machine.start([system if part == 'SYSTEM' else part.replace('SYSTEM', system) for part in placeholder])
                machine.until(lambda: 'Reached target' in machine.text('console.log')
                              and 'Multi-User' in machine.text('console.log'), 300, 'multi-user system')
                time.sleep(4) # what starts last is still at it
                machine.monitor('stop')
                machine.monitor('migrate', uri=f'exec:cat >{folder}/state.new')
                machine.until(lambda: machine.monitor('query-migrate').get('status') in ('completed', 'failed'), 120, 'saved state')
                if machine.monitor('query-migrate')['status'] == 'failed':
                    raise Failure('the state could not be saved')
                machine.monitor('quit')
                machine.process.wait()
            finally:
                machine.stop()
            os.rename(f'{folder}/state.new', f'{folder}/state')
        return folder

    def resume(self, store, disks):
        """Continues the snapshot and plugs the disks in."""
        folder = self.snapshot(store)
        system = self.overlay(f'{folder}/system.qcow2', 'qcow2')
        self.start(self.command(system, self.cables) + PORTS, ['-incoming', f'exec:cat {folder}/state'])
        self.until(lambda: self.monitor('query-status')['status'] not in ('inmigrate', 'restore-vm', 'postmigrate'), 60,
                   'restored machine')
        self.monitor('cont')
        for name in ('result', 'product', 'steps'): # the last starts them
            self.monitor('blockdev-add', **{'driver': 'raw', 'node-name': name, 'read-only': name != 'result',
                                            'file': {'driver': 'file', 'filename': disks[name]}})
            self.monitor('device_add', driver='virtio-blk-pci', drive=name, serial=name, bus=f'for-{name}', id=f'disk-{name}')
