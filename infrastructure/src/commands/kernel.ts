import { type Command, command } from './command.ts';

/** Loads a file of settings; a kernel that lacks one passes over it. */
export const loadSysctl = (path: string): Command => command('sysctl', '-e', '-q', '-p', path);

/** `name = value` lines. */
export const readSysctl = (names: readonly string[]): Command => command('sysctl', '-e', ...names);

const READ_SWAP = `stat -c %s -- "$1" 2>/dev/null || echo 0
swapon --show=NAME --noheadings --raw | grep -Fxc -- "$1"
grep -c -- "^$1 " /etc/fstab`;

/** Size of the file in bytes, whether it is used, whether it is at the next boot; a number a line. */
export const readSwap = (path: string): Command => ({ argv: ['sh', '-c', READ_SWAP, 'hub', path] });

const MAKE_SWAP = `set -eu
path=$1 size=$2
if swapon --show=NAME --noheadings --raw | grep -Fxq -- "$path"; then swapoff -- "$path"; fi
rm -f -- "$path"
sed -i "\\\\#^$path #d" /etc/fstab
[ "$size" -gt 0 ] || exit 0
umask 077
fallocate -l "$size" -- "$path"
mkswap -- "$path" >/dev/null
swapon -- "$path"
echo "$path none swap sw 0 0" >>/etc/fstab`;

/** Makes the swap file anew with this size in bytes; 0 takes it away. */
export const makeSwap = (path: string, size: number): Command => ({
  argv: ['sh', '-c', MAKE_SWAP, 'hub', path, String(size)],
});
