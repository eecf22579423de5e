import { type KeptMcpServer, MCP_ERAS, type McpServerCheck } from '@smart-ai-hub/shared/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { checkFields } from './check-fields.ts';
import { ConnectionTest } from './connection-test.tsx';
import { FormButtons } from './form-buttons.tsx';
import { askFields, serverFields, type ServerFields, transportOf, typedTransport } from './server-fields.ts';
import { TickBox } from './tick-box.tsx';
import { TransportFields } from './transport-fields.tsx';
import { useForm } from './use-form.tsx';

/** What a server answers as it is typed; of one that is kept, by its own secrets where none is typed. */
function useTest(server: KeptMcpServer | undefined, transport: unknown) {
  const { mcpUpstreams } = useHub();
  const checked = checkFields(askFields, { transport });
  const test = useMutation({
    mutationFn: async (): Promise<McpServerCheck | undefined> => {
      if (!checked.ok) return undefined;
      return mcpUpstreams.checkMcpServer({
        body: { ...checked.data, ...(server && { serverId: server.id }) },
      });
    },
  });
  return { ...test, isPossible: checked.ok };
}

function useRefusals() {
  const { t } = useTranslation();
  return {
    'invalid-request': t('tools.form.anew'),
    'egress-refused': t('tools.form.refused'),
    'egress-failed': t('tools.form.unreachable'),
  };
}

interface ApproveProps {
  found: McpServerCheck['tools'];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

/** Which of the tools that were found are approved with their server. */
function Approve({ found, chosen, onChange }: ApproveProps) {
  const { t } = useTranslation();
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{t('tools.form.approve')}</legend>
      {found.map(({ name, definition: { description } }) => (
        <div key={name}>
          <TickBox checked={chosen.includes(name)} onChange={() => toggle(name)}>
            <code className="break-all">{name}</code>
          </TickBox>
          {description && <p className="pl-6 text-sm wrap-anywhere text-ink-soft">{description}</p>}
        </div>
      ))}
    </fieldset>
  );
}

type Form = ReturnType<typeof useForm>;

function Advanced({ form, server }: { form: Form; server: KeptMcpServer | undefined }) {
  const { t } = useTranslation();
  const numbers = {
    timeoutMs: server?.timeoutMs ?? 60_000,
    maxResultBytes: server?.maxResultBytes ?? 4_194_304,
  };
  return (
    <details>
      <summary className="cursor-pointer rounded-lg py-1 font-medium">{t('tools.form.advanced')}</summary>
      <div className="grid gap-5 pt-4">
        <SelectField {...form.field('era')} label={t('tools.form.era')} defaultValue={server?.era ?? 'auto'}>
          {MCP_ERAS.map((era) => (
            <option key={era} value={era}>
              {era === 'auto' ? t('tools.form.eraAuto') : era}
            </option>
          ))}
        </SelectField>
        {(['timeoutMs', 'maxResultBytes'] as const).map((name) => (
          <TextField
            key={name}
            {...form.field(name)}
            label={t(`tools.form.${name}`)}
            defaultValue={numbers[name]}
            inputMode="numeric"
            autoComplete="off"
          />
        ))}
        <TickBox name="perPerson" defaultChecked={server?.perPerson ?? true}>
          {t('tools.form.perPerson')}
        </TickBox>
      </div>
    </details>
  );
}

interface ServerFormProps {
  /** The server that is changed; a new one where there is none. */
  server?: KeptMcpServer;
  /** Programs that it may be. */
  commands: readonly string[];
  submit: (fields: ServerFields, approve: McpServerCheck['tools']) => Promise<void>;
  submitLabel: string;
  onCancel: () => void;
}

/** Every setting of a server; its secrets are typed, and never shown. */
export function ServerForm({ server, commands, submit, submitLabel, onCancel }: ServerFormProps) {
  const { t } = useTranslation();
  const refusals = useRefusals();
  const [typed, setTyped] = useState(() => typedTransport(server));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const transport = transportOf(typed);
  const test = useTest(server, transport);
  const found = test.data?.tools ?? [];
  const send = (fields: ServerFields) =>
    submit(
      fields,
      found.filter(({ name }) => chosen.includes(name)),
    );
  const form = useForm({ schema: serverFields, values: { transport }, submit: send });
  const mistake = form.field('transport').error && t('tools.form.transportMistake');
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} instead={refusals} />}
      <TextField
        {...form.field('name')}
        label={t('tools.form.name')}
        hint={t('tools.form.nameHint')}
        defaultValue={server?.name}
        maxLength={32}
        autoComplete="off"
        spellCheck={false}
      />
      <TransportFields
        {...{ server, commands, typed, mistake }}
        onType={(part) => {
          setTyped({ ...typed, ...part });
          test.reset(); // what was found was found elsewhere
        }}
      />
      <ConnectionTest
        {...{ test, refusals }}
        isDisabled={!test.isPossible}
        label={t('tools.form.test')}
        answered={({ tools }) => t('tools.form.answered', { count: tools.length })}
      >
        {!server && found.length > 0 && <Approve found={found} chosen={chosen} onChange={setChosen} />}
      </ConnectionTest>
      <Advanced form={form} server={server} />
      <FormButtons
        submit={submitLabel}
        sending={form.sending}
        cancel={t('tools.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
