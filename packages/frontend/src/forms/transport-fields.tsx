import type { KeptMcpServer } from '@smart-ai-hub/shared/contracts';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { AreaField, SelectField, TextField } from '../ui/field.tsx';
import { SecretFields } from './secret-fields.tsx';
import type { TypedTransport } from './server-fields.ts';

interface TransportProps {
  /** Programs that it may be. */
  commands: readonly string[];
  typed: TypedTransport;
  onType: (part: Partial<TypedTransport>) => void;
}

function Program({ commands, typed, onType }: TransportProps) {
  const { t } = useTranslation();
  const known = [...new Set(['', ...commands, typed.command])];
  return (
    <>
      <SelectField
        label={t('tools.form.command')}
        hint={commands.length === 0 ? t('tools.form.noCommands') : undefined}
        value={typed.command}
        onChange={({ target }) => onType({ command: target.value })}
      >
        {known.map((command) => (
          <option key={command}>{command}</option>
        ))}
      </SelectField>
      <AreaField
        label={t('tools.form.args')}
        hint={t('tools.form.argsHint')}
        value={typed.args}
        onChange={({ target }) => onType({ args: target.value })}
        autoComplete="off"
        spellCheck={false}
      />
      {(['maxMemoryMb', 'maxChildren', 'idleSeconds'] as const).map((name) => (
        <TextField
          key={name}
          label={t(`tools.form.${name}`)}
          value={typed[name]}
          onChange={({ target }) => onType({ [name]: target.value })}
          inputMode="numeric"
          autoComplete="off"
        />
      ))}
    </>
  );
}

/** Words for secrets that are there: their names, or that they are lost. */
function useSecretsHint(server: KeptMcpServer | undefined): string {
  const { t } = useTranslation();
  if (!server) return t('tools.form.secretsHint');
  if (!server.secretsReadable) return t('tools.form.secretsLost');
  const { transport } = server;
  const names = transport.type === 'http' ? transport.headerNames : transport.envNames;
  return names.length > 0
    ? t('tools.form.secretsKept', { names: names.join(', ') })
    : t('tools.form.secretsHint');
}

interface TransportFieldsProps extends TransportProps {
  server: KeptMcpServer | undefined;
  mistake: string | undefined;
}

/** How a server is reached. The group takes the focus where that makes no sense. */
export function TransportFields({ server, mistake, ...props }: TransportFieldsProps) {
  const { t } = useTranslation();
  const errorId = useId();
  const { typed, onType } = props;
  const isHttp = typed.type === 'http';
  return (
    <fieldset
      name="transport"
      tabIndex={-1}
      aria-describedby={mistake && errorId}
      className="grid gap-5 rounded-lg"
    >
      <legend className="sr-only">{t('tools.target')}</legend>
      <SelectField
        label={t('tools.form.type')}
        value={typed.type}
        onChange={({ target }) => onType({ type: target.value, secrets: [] })}
      >
        <option value="http">{t('tools.transports.http')}</option>
        <option value="stdio">{t('tools.transports.stdio')}</option>
      </SelectField>
      {isHttp ? (
        <TextField
          type="url"
          label={t('tools.form.url')}
          hint={t('tools.form.urlHint')}
          value={typed.url}
          onChange={({ target }) => onType({ url: target.value })}
          autoComplete="off"
          spellCheck={false}
        />
      ) : (
        <Program {...props} />
      )}
      <SecretFields
        legend={t(isHttp ? 'tools.form.headers' : 'tools.form.env')}
        hint={useSecretsHint(server)}
        rows={typed.secrets}
        onChange={(secrets) => onType({ secrets })}
      />
      {mistake && (
        <p id={errorId} className="text-sm text-danger">
          {mistake}
        </p>
      )}
    </fieldset>
  );
}
