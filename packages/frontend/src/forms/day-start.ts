import { z } from 'zod';
import { optional } from './typed-values.ts';

/** A day of a calendar as the moment it begins here, some days later; left empty, nothing. */
export const dayStart = (later: number) =>
  optional(z.iso.date().optional()).transform((day) => {
    if (day === undefined) return undefined;
    const moment = new Date(`${day}T00:00`);
    moment.setDate(moment.getDate() + later);
    return moment.toISOString();
  });
