import { csvText } from '../api/csv-text.ts';

/** What became of a line of a file, or would. */
export interface ReportLine {
  /** Of the file, the heading being 1. */
  line: number;
  /** What the line is about, as it stands in the file. */
  subject: string;
  outcome: string;
  /** The outcome for people. */
  words: string;
  /** What is wrong with a line that was not understood, in English. */
  detail: string | null;
  fine: boolean;
}

export interface Report {
  applied: boolean;
  lines: ReportLine[];
}

/** All lines may be applied: there are some, and each is fine. */
export const isFine = ({ lines }: Report): boolean => lines.length > 0 && lines.every(({ fine }) => fine);

/** Wrong lines first: those are what somebody has to look at. */
export const byUrgency = (lines: readonly ReportLine[]): ReportLine[] => [
  ...lines.filter(({ fine }) => !fine),
  ...lines.filter(({ fine }) => fine),
];

/** Every line of a report, in the order of the file. */
export const reportCsv = (lines: readonly ReportLine[]): string =>
  csvText([
    ['line', 'subject', 'outcome', 'meaning', 'detail'],
    ...lines.map(({ line, subject, outcome, words, detail }) => [
      ...[String(line), subject, outcome],
      ...[words, detail ?? ''],
    ]),
  ]);
