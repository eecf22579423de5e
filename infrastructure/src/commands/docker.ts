import { type Command, command, script } from './command.ts';

/** Rules of DOCKER-USER, IPv4 then IPv6, as iptables -S prints them. */
const READ_RULES = `for program in iptables ip6tables; do
  echo "$program"
  "$program" -w -S DOCKER-USER 2>/dev/null
done`;

export const readDockerRules: Command = script(READ_RULES);

/** Who is in a group, by comma. */
export const readGroup = (group: string): Command => script('getent group -- "$1" | cut -d: -f4', group);

export const leaveGroup = (user: string, group: string): Command => command('gpasswd', '-d', user, group);
