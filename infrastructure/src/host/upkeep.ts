import { restart } from '../commands/systemd.ts';
import type { Environment } from '../config/schema.ts';
import { file } from '../resources/file.ts';
import type { Resource } from '../resources/resource.ts';
import { service } from '../resources/service.ts';
import { template } from './template.ts';

/** Reads a file of apt's as apt would; a mistake ends with 100. */
const CHECK_APT = { when: 'before', argv: ['apt-config', 'dump', '-c'] } as const;

/** Security updates by themselves, and budgets for what grows. */
export function upkeep(
  { limits, schedules }: Pick<Environment, 'limits' | 'schedules'>,
  after: string[],
): Resource[] {
  return [
    file({
      ...{ path: '/etc/apt/apt.conf.d/20auto-upgrades', content: template('apt/20auto-upgrades') },
      ...{ after, check: CHECK_APT },
    }),
    file({
      path: '/etc/apt/apt.conf.d/52hub-unattended-upgrades',
      content: template('apt/52hub-unattended-upgrades', { TIME: schedules.updates }),
      ...{ after, check: CHECK_APT },
    }),
    service('apt-daily.timer', after),
    service('apt-daily-upgrade.timer', after),
    journal(limits),
    file({
      path: '/etc/logrotate.d/hub',
      content: template('logrotate/hub', { DAYS: String(limits.logDays) }),
      ...{ after, check: { when: 'before', argv: ['logrotate', '-d'] } },
    }),
    service('logrotate.timer', after),
  ];
}

function journal({ journalMegabytes, logDays }: Environment['limits']): Resource {
  const lines = [
    '# Made by hubctl.',
    '[Journal]',
    'Storage=persistent',
    `SystemMaxUse=${journalMegabytes}M`,
    `MaxRetentionSec=${logDays}day`,
  ];
  return file({
    path: '/etc/systemd/journald.conf.d/00-hub.conf',
    content: `${lines.join('\n')}\n`,
    then: [restart('systemd-journald.service')],
  });
}
