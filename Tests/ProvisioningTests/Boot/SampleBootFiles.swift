import Provisioning

/// Boot files of the kinds of host that there are: short, but with what makes each of them hard to read.
enum SampleBootFiles {
  static func grub(_ path: String, _ text: String) -> BootFiles.Configuration {
    BootFiles.Configuration(path: path, text: text)
  }

  static func environment(_ lines: String) -> String {
    "# GRUB Environment Block\n\(lines)\n" + String(repeating: "#", count: 64)
  }

  /// What every grub-mkconfig writes first.
  static let header = """
    ### BEGIN /etc/grub.d/00_header ###
    if [ -s $prefix/grubenv ]; then
      set have_grubenv=true
      load_env
    fi
    if [ "${next_entry}" ] ; then
       set default="${next_entry}"
       set next_entry=
       save_env next_entry
       set boot_once=true
    else
       set default="0"
    fi
    if [ x"${feature_menuentry_id}" = xy ]; then
      menuentry_id_option="--id"
    else
      menuentry_id_option=""
    fi
    export menuentry_id_option
    function savedefault {
      if [ -z "${boot_once}" ]; then
        saved_entry="${chosen}"
      fi
    }
    if [ $feature_timeout_style = xy ] ; then set timeout_style=hidden ; set timeout=0
    else set timeout=0 ; fi
    ### END /etc/grub.d/00_header ###

    """

  /// No initrd at first, and one for the boot after that failed: two lines in an entry.
  static let ubuntu = BootFiles(
    configuration: grub(
      "/boot/grub/grub.cfg",
      header + """
        function gfxmode {
        \tset gfxpayload="${1}"
        \tif [ "${1}" = "keep" ]; then set vt_handoff=vt.handoff=7; else set vt_handoff=; fi
        }
        if [ "${recordfail}" != 1 ]; then set linux_gfx_mode=keep; else set linux_gfx_mode=text; fi
        export linux_gfx_mode
        menuentry 'Ubuntu' --class ubuntu --class os $menuentry_id_option 'gnulinux-simple-1' {
        \tgfxmode $linux_gfx_mode
        \tif [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
        \tsearch --no-floppy --fs-uuid --set=root 1-2
        \tif [ "${initrdfail}" = 1 ]; then
        \t  linux\t/boot/vmlinuz-6.8.0-1029-azure root=PARTUUID=a-b ro  console=tty1 console=ttyS0
        \t  initrd\t/boot/initrd.img-6.8.0-1029-azure
        \telse
        \t  linux\t/boot/vmlinuz-6.8.0-1029-azure root=PARTUUID=a-b ro  console=tty1 console=ttyS0 $vt_handoff panic=-1
        \tfi
        \tinitrdfail
        }
        submenu 'Advanced options for Ubuntu' $menuentry_id_option 'gnulinux-advanced-1' {
        \tmenuentry 'Ubuntu, with Linux 6.8.0-1029-azure (recovery mode)' --class ubuntu {
        \t\tlinux\t/boot/vmlinuz-6.8.0-1029-azure root=PARTUUID=a-b ro recovery nomodeset dis_ucode_ldr console=ttyS0
        \t\tinitrd\t/boot/initrd.img-6.8.0-1029-azure
        \t}
        }
        menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' {
        \tfwsetup
        }
        menuentry "Memory test" { linux16 /boot/memtest86+.bin }
        if [ -f  ${config_directory}/custom.cfg ]; then
          source ${config_directory}/custom.cfg
        fi

        """),
    environments: ["/boot/grub/grubenv": environment("")])

  static let redHat7 = BootFiles(
    configuration: grub(
      "/boot/efi/EFI/redhat/grub.cfg",
      header + """
        set tuned_params="isolcpus=2-3 nohz=on"
        set tuned_initrd=""
        menuentry 'Red Hat Enterprise Linux Server (3.10.0-1160.15.2.el7.x86_64) 7.9 (Maipo)' --unrestricted {
        \tload_video
        \tset root='hd0,gpt2'
        \tlinuxefi /vmlinuz-3.10.0-1160.15.2.el7.x86_64 root=UUID=1 ro console=ttyS0,115200n8 $tuned_params
        \tinitrdefi /initramfs-3.10.0-1160.15.2.el7.x86_64.img $tuned_initrd
        }
        menuentry 'Red Hat Enterprise Linux Server (0-rescue-2f) 7.9 (Maipo)' --unrestricted {
        \tlinux16 /vmlinuz-0-rescue-2f root=UUID=1 ro console=ttyS0,115200n8
        }
        """))

  static let redHat8Entry = """
    title Red Hat Enterprise Linux (4.18.0-553.el8_10.x86_64) 8.10 (Ootpa)
    version 4.18.0-553.el8_10.x86_64
    linux /vmlinuz-4.18.0-553.el8_10.x86_64
    initrd /initramfs-4.18.0-553.el8_10.x86_64.img $tuned_initrd
    options $kernelopts $tuned_params
    id rhel-4.18.0-553.el8_10.x86_64
    grub_users $grub_users
    grub_class kernel

    """

  /// - Parameter kernelOptions: nil where grubenv has none.
  static func redHat8(kernelOptions: String?) -> BootFiles {
    BootFiles(
      configuration: grub(
        "/boot/efi/EFI/redhat/grub.cfg",
        header + """
          insmod part_gpt
          if [ -z "${kernelopts}" ]; then
            set kernelopts="root=/dev/mapper/rhel-root ro fallback "
          fi
          insmod blscfg
          blscfg
          """),
      environments: [
        "/boot/grub2/grubenv": environment("saved_entry=1" + (kernelOptions.map { "\nkernelopts=\($0)" } ?? ""))
      ],
      loaderEntries: [
        "/boot/loader/entries/2f-4.18.0-553.el8_10.x86_64.conf": redHat8Entry,
        "/boot/loader/entries/2f-0-rescue.conf": """
        title Red Hat Enterprise Linux (0-rescue-2f) 8.10 (Ootpa)
        version 0-rescue-2f
        linux /vmlinuz-0-rescue-2f
        options $kernelopts
        """,
        "/boot/loader/entries/README": "linux /nothing\n",
      ])
  }

  static let suse = BootFiles(
    configuration: grub(
      "/boot/grub2/grub.cfg",
      header + """
        menuentry 'SLES 15-SP3'  --class os $menuentry_id_option 'gnulinux-simple-1' {
        \techo\t'Loading Linux 5.3.18-150300.59.112-default ...'
        \tlinux\t/boot/vmlinuz-5.3.18-150300.59.112-default root=UUID=1  ${extra_cmdline} console=ttyS0 net.ifnames=0
        \tinitrd\t/boot/initrd-5.3.18-150300.59.112-default
        }
        submenu 'Advanced options for SLES 15-SP3' --hotkey=1 {
        \tmenuentry 'SLES 15-SP3, with Linux 5.3.18 (recovery mode)' --hotkey=2 --class os {
        \t\tlinux\t/boot/vmlinuz-5.3.18-150300.59.112-default root=UUID=1 single
        \t}
        }
        """))

  static func mariner(_ environments: [String: String]) -> BootFiles {
    BootFiles(
      configuration: grub(
        "/boot/grub2/grub.cfg",
        """
        set timeout=0
        set bootprefix=/boot
        search -n -u 9e6a-1 -s

        load_env -f $bootprefix/mariner.cfg
        if [ -f  $bootprefix/systemd.cfg ]; then
        \tload_env -f $bootprefix/systemd.cfg
        else
        \tset systemd_cmdline=net.ifnames=0
        fi
        if [ -f $bootprefix/grub2/grubenv ]; then
        \tload_env -f $bootprefix/grub2/grubenv
        fi

        set rootdevice=PARTUUID=29-4

        menuentry "CBL-Mariner" {
        \tlinux $bootprefix/$mariner_linux   rd.auto=1 root=$rootdevice $mariner_cmdline $systemd_cmdline $kernelopts
        \tif [ -f $bootprefix/$mariner_initrd ]; then
        \t\tinitrd $bootprefix/$mariner_initrd
        \tfi
        }

        """), environments: environments)
  }
}
