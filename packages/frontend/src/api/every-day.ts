export interface DayOfUse {
  /** Of the calendar of UTC. */
  day: string;
  uses: number;
  creditsMicro: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** As many days as said, today the last: the hub names those alone on which something was used. */
export function everyDay(items: readonly DayOfUse[], days: number, now = Date.now()): DayOfUse[] {
  const used = new Map(items.map((item) => [item.day, item]));
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(now - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return used.get(day) ?? { day, uses: 0, creditsMicro: 0 };
  });
}
