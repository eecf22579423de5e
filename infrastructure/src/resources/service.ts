import { enable, enableNow, readUnit } from '../commands/systemd.ts';
import type { Resource } from './resource.ts';

/** A unit that is started at boot; `running` where it also runs now. */
export function service(unit: string, after: readonly string[], { running = true } = {}): Resource {
  return {
    id: `service ${unit}`,
    class: 'restart',
    after,
    reads: [readUnit(unit)],
    compare: ([found]) => {
      const { loaded, enabled, active } = stateOf(found?.stdout ?? '');
      if (isEnabled(enabled) && (!running || active === 'active')) return undefined;
      const now = [enabled === '' ? loaded : enabled, ...(running ? [active] : [])].join(', ');
      return {
        lines: [{ sign: '~', text: `${now} → ${running ? 'enabled, active' : 'enabled'}` }],
        commands: [running ? enableNow(unit) : enable(unit)],
      };
    },
  };
}

/** Started at boot, in one of the ways that systemd knows. */
const isEnabled = (state: string) => ['enabled', 'static', 'alias', 'generated', 'indirect'].includes(state);

function stateOf(text: string) {
  const value = (name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(text)?.[1];
  return {
    loaded: value('LoadState') ?? 'not there',
    enabled: value('UnitFileState') ?? '',
    active: value('ActiveState') ?? 'inactive',
  };
}
