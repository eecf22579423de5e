import type { Config, Logger, Secret } from '@smart-ai-hub/shared/service';
import { ConfigError } from '@smart-ai-hub/shared/service';
import type { Transporter } from 'nodemailer';
import type { settings } from '../config.ts';
import type { Mail } from './mail.ts';

export interface Mailer {
  /** Rejects when the mail server does not take it. */
  send: (mail: Mail) => Promise<void>;
  /** What would have been sent, newest first: in development, where no mail server is. */
  shown?: () => readonly ShownMail[];
  close: () => Promise<void>;
}

export interface ShownMail extends Mail {
  at: Date;
}

type MailConfig = Pick<
  Config<typeof settings>,
  'environment' | 'smtpUrl' | 'mailFrom' | 'publicUrl' | 'requireVerifiedEmail'
>;

/** The way out for mail: a server; without one a page and the terminal in development, and nothing in production. */
export function openMailer(config: MailConfig, logger: Logger): Mailer {
  const { environment, smtpUrl, requireVerifiedEmail } = config;
  if (smtpUrl) return overSmtp(smtpUrl, config.mailFrom ?? defaultSender(config.publicUrl));
  if (environment !== 'production')
    return onThisMachine(environment === 'development' ? print : () => undefined);
  if (requireVerifiedEmail)
    throw new ConfigError(['REQUIRE_VERIFIED_EMAIL needs SMTP_URL: codes could not be mailed']);
  const send = ({ subject }: Mail) => {
    logger.warn('mail was not sent: SMTP_URL is not set', { subject });
    return Promise.resolve();
  };
  return { send, close: () => Promise.resolve() };
}

/** Milliseconds. What takes longer is tried again later. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

function overSmtp(url: Secret, from: string): Mailer {
  let transport: Promise<Transporter> | undefined;
  const open = async () => {
    const { createTransport } = await import('nodemailer'); // 15 MB, for those who mail
    return createTransport({
      url: url.reveal(),
      ...TIMEOUTS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  return {
    send: async (mail) => {
      transport ??= open();
      // RFC 3834, 5: no answering machine shall answer
      const headers = { 'Auto-Submitted': 'auto-generated' };
      await (await transport).sendMail({ ...mail, from, headers });
    },
    close: async () => {
      (await transport)?.close();
    },
  };
}

const defaultSender = (publicUrl: string) => `Smart AI Hub <no-reply@${new URL(publicUrl).hostname}>`;

/** Mails that are kept to be looked at. */
const SHOWN = 50;

function onThisMachine(show: (mail: Mail) => void): Mailer {
  let mails: ShownMail[] = [];
  return {
    send: (mail) => {
      mails = [{ ...mail, at: new Date() }, ...mails].slice(0, SHOWN);
      show(mail);
      return Promise.resolve();
    },
    shown: () => mails,
    close: () => Promise.resolve(),
  };
}

/** As it is, and so past the logger, which would mask what the developer is to read. */
function print({ to, subject, text }: Mail): void {
  process.stdout.write(`\n  mail to ${to}: ${subject}\n\n${text.replace(/^/gm, '  | ')}\n`);
}
