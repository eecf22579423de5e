import { type Command, command, script } from './command.ts';

/** The settings that survive a boot, then the rules as they were typed, then whether they hold now. */
const READ = `cat /etc/default/ufw /etc/ufw/ufw.conf 2>/dev/null
ufw show added 2>/dev/null
ufw status 2>/dev/null`;

export const readUfw: Command = script(READ);

export const allowPort = (port: number): Command => command('ufw', 'allow', `${port}/tcp`);

/** `rule` as `ufw show added` prints it, without its first word. */
export const deleteRule = (rule: string): Command =>
  command('ufw', '--force', 'delete', ...rule.replace(/ comment '.*'$/, '').split(' '));

export const UFW_DEFAULTS: readonly Command[] = [
  command('ufw', 'default', 'deny', 'incoming'),
  command('ufw', 'default', 'allow', 'outgoing'),
  command('ufw', 'default', 'deny', 'routed'),
];

/** Rules of both families: ufw(8) filters IPv6 only where this says so. */
export const filterIpv6: Command = command('sed', '-i', 's/^IPV6=.*/IPV6=yes/', '/etc/default/ufw');
export const enableUfw: Command = command('ufw', '--force', 'enable');
export const disableUfw: Command = command('ufw', '--force', 'disable');
export const reloadUfw: Command = command('ufw', 'reload');
