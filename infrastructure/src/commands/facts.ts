import { script } from './command.ts';

/** What a machine is, as `name=value` lines. Changes nothing. */
const FACTS = `. /etc/os-release
echo "os=$ID"
echo "release=$VERSION_ID"
echo "architecture=$(uname -m)"
echo "cores=$(nproc)"
echo "memory=$(awk '/^MemTotal:/ { print $2 * 1024 }' /proc/meminfo)"
echo "free=$(df -B1 --output=avail / | tail -n 1 | tr -d ' ')"
echo "clock=$(date +%s)"
echo "container=$(systemd-detect-virt --container 2>/dev/null)"
echo "systemd=$(systemctl is-system-running 2>/dev/null)"
echo "apt=$(command -v apt-get)"
echo "listening=$(ss -Hltn 2>/dev/null | awk '{ sub(/.*:/, "", $4); print $4 }' | sort -un | tr '\\n' ' ')"`;

export const readFacts = script(FACTS);
