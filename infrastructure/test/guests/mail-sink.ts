import { once } from 'node:events';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { NAMES } from './dns.ts';
import { GATEWAY } from './network.ts';

export interface MailSink extends AsyncDisposable {
  /** As the guests call it, with its port. */
  host: string;
  port: number;
  /** What came, oldest first. */
  messages: ParsedMail[];
}

const PORT = 2525;

/** A mail server that takes every message, from anybody to anybody, and delivers none. */
export async function startMailSink(): Promise<MailSink> {
  const messages: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, _session, done) => {
      simpleParser(stream).then((message) => {
        messages.push(message);
        done();
      }, done);
    },
  });
  const listening = server.listen(PORT, GATEWAY.v4);
  await once(listening, 'listening');
  return {
    host: NAMES.mail,
    port: PORT,
    messages,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
