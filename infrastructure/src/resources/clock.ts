import { readTimeZone, setTimeZone } from '../commands/clock.ts';
import type { Resource } from './resource.ts';

/** The time zone of the machine's clock, and of its timers. */
export function timeZone(name: string, after: readonly string[]): Resource {
  return {
    id: 'time zone',
    class: 'safe',
    after,
    reads: [readTimeZone],
    compare: ([found]) => {
      const [link = '', written = ''] = (found?.stdout ?? '').split('\n');
      const now = link.replace(/^.*\/zoneinfo\//, '');
      if (now === name && written === name) return undefined;
      return {
        lines: [{ sign: '~', text: `${now === '' ? 'none' : now} → ${name}` }],
        commands: [setTimeZone(name)],
      };
    },
  };
}
