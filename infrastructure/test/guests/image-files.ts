import { GATEWAY } from './network.ts';

export interface ImageFile {
  /** Below the root of the image. */
  path: string;
  text: string;
  mode: number;
}

/**
 * Docker mounts three files that an administrator of a real machine replaces; this lets go of them, so that
 * the guest's own are there. Host keys are made at the first boot, so that no two guests share them.
 */
const BOOT = `#!/bin/sh
for path in /etc/hostname /etc/hosts /etc/resolv.conf; do
  cp "$path" "/run/$(basename "$path")"
  umount "$path"
  [ -s "$path" ] || { cat "/run/$(basename "$path")" > "$path"; chmod 644 "$path"; }
done
echo "nameserver ${GATEWAY.v4}" > /etc/resolv.conf
ssh-keygen -A > /dev/null
exec /lib/systemd/systemd
`;

/** What cloud images bring: it wins over what comes later in sshd_config, and keeps passwords on. */
const CLOUD_INIT = 'PasswordAuthentication yes\nPermitRootLogin yes\n';

/** What the packages do not bring: how it boots, and how a provider leaves it. */
export const IMAGE_FILES: readonly ImageFile[] = [
  { path: 'usr/local/sbin/guest-boot', text: BOOT, mode: 0o755 },
  { path: 'etc/ssh/sshd_config.d/50-cloud-init.conf', text: CLOUD_INIT, mode: 0o600 },
];
