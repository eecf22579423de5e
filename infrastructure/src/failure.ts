/** Something that keeps hubctl from going on, in words for the person who typed: what, details, what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly details: readonly string[];
  readonly remedy: string | undefined;

  constructor(message: string, details: readonly string[] = [], remedy?: string) {
    super(message);
    this.details = details;
    this.remedy = remedy;
  }
}
