import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { expect } from 'vitest';

/** A real mail server that keeps what it is sent. */
export async function startSmtp() {
  const mails: ParsedMail[] = [];
  let refusals = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      simpleParser(stream).then((mail) => {
        if (refusals > 0) {
          refusals -= 1;
          done(Object.assign(new Error('try again later'), { responseCode: 451 }));
          return;
        }
        mails.push(mail);
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');

  const to = (email: string) => mails.filter((mail) => [mail.to].flat().some((one) => one?.text === email));
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    to,
    /** The next mails are answered with a failure that may pass. */
    refuse: (count: number) => {
      refusals = count;
    },
    /** Waits for the nth mail to an address, the first by default. */
    mail: async (email: string, nth = 1): Promise<ParsedMail> => {
      await expect.poll(() => to(email).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(nth);
      const mail = to(email)[nth - 1];
      if (!mail) throw new Error('the mail is gone');
      return mail;
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

export type SmtpSink = Awaited<ReturnType<typeof startSmtp>>;

/** The code of a mail. */
export const codeIn = ({ text = '' }: ParsedMail): string => /^\d{6}$/m.exec(text)?.[0] ?? '';

/** The token of a mail's link. */
export const tokenIn = ({ text = '' }: ParsedMail): string => /\/reset#token=(\S+)/.exec(text)?.[1] ?? '';
