import type { Environment, Host } from '../config/schema.ts';
import { timeZone } from '../resources/clock.ts';
import type { Facts } from '../resources/facts.ts';
import { FIREWALL, firewall } from '../resources/firewall.ts';
import { kernelSettings, swap } from '../resources/kernel.ts';
import { packages } from '../resources/packages.ts';
import type { Resource } from '../resources/resource.ts';
import type { Delivery } from '../resources/secrets.ts';
import { service } from '../resources/service.ts';
import { noStrangers } from '../resources/strangers.ts';
import { accessId, user } from '../resources/user.ts';
import { operator, SSHD_ID, sshServer } from './access.ts';
import { type Accounts, NO_ACCOUNTS } from './accounts.ts';
import { BANS, bans } from './bans.ts';
import { hostCertificate } from './certificates.ts';
import { edge, EDGE_SERVICE } from './edge.ts';
import { hostEngines } from './engines.ts';
import { SERVICE_USER_ID } from './pm2.ts';
import { hostSecrets } from './secrets.ts';
import { upkeep } from './upkeep.ts';

export interface Situation {
  facts: Facts;
  /** The operator's address as the machine sees it. */
  operator: string;
  /** Where sshd listens on the machine itself; a router before it may show another. */
  sshdPort: number;
  /** Secrets of the services. */
  deliveries?: readonly Delivery[];
  /** Passwords of the engines’ users. */
  accounts?: Accounts;
}

const PACKAGES = [
  ...['age', 'ca-certificates', 'fail2ban', 'iptables', 'logrotate', 'procps', 'python3-systemd', 'sudo'],
  ...['systemd-timesyncd', 'tzdata', 'ufw', 'unattended-upgrades'],
];

const BASE = 'packages base';

/**
 * All that a machine shall be. Whoever may sign in is let in before others are kept out: keys, then root by sudo, then
 * sshd, then the firewall.
 */
export function hostResources(environment: Environment, host: Host, situation: Situation): Resource[] {
  const { facts, sshdPort, accounts = NO_ACCOUNTS } = situation;
  const { operators, limits, engines } = environment;
  return [
    // A machine has one time-daemon: chrony or ntp, which images of clouds bring, give way to ours.
    packages('base', PACKAGES, [], { mayReplace: true }),
    ...user(host.user),
    operator(host.user, operators.keys, [BASE]),
    sshServer(host.user),
    noStrangers(host.user, [accessId(host.user)]),
    firewall([sshdPort, 80, 443], [BASE, SSHD_ID]),
    bans({ never: operators.addresses, operator: situation.operator, sshdPort }, [BASE]),
    service('fail2ban.service', [BANS]),
    timeZone(host.timeZone, [BASE]),
    service('systemd-timesyncd.service', [BASE], { running: !facts.isContainer }),
    kernelSettings(facts),
    ...(facts.isContainer ? [] : [swap(limits.swapMegabytes)]),
    ...upkeep(environment, [BASE]),
    ...hostSecrets(situation.deliveries ?? [], engines.pm2 ? [BASE, SERVICE_USER_ID] : [BASE]),
    ...hostEngines({ engines, facts, accounts }, [BASE]),
    ...edge(environment, [BASE, FIREWALL]),
    // The last: it asks somebody else, who may refuse.
    ...hostCertificate(environment, [EDGE_SERVICE]),
  ];
}
