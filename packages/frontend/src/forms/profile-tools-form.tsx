import { type KeptMcpServer, mcpProfilesContract, type McpProfile } from '@smart-ai-hub/shared/contracts';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useHub } from '../api/app-context.tsx';
import { mcpToolsQuery } from '../api/tool-queries.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { FormButtons } from './form-buttons.tsx';
import { TickBox } from './tick-box.tsx';
import { useForm } from './use-form.tsx';

const { body: schema } = mcpProfilesContract.createMcpProfile;
export type ProfileFields = z.output<typeof schema>;
type Chosen = McpProfile['tools'];

interface ChoiceProps {
  servers: readonly KeptMcpServer[];
  chosen: Chosen;
  error: string | undefined;
  onChange: (chosen: Chosen) => void;
}

/** Which tools a profile has: those that servers have shown, and those that it has already. */
function Choice({ servers, chosen, error, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  const hub = useHub();
  const lists = useQueries({ queries: servers.map(({ id }) => mcpToolsQuery(hub, id)) });
  const seen = servers.flatMap(({ name: server }, index) =>
    (lists[index]?.data ?? []).map(({ name: tool }) => ({ server, tool })),
  );
  const isSame = (one: Chosen[number], other: Chosen[number]) =>
    one.server === other.server && one.tool === other.tool;
  const offered = [...seen, ...chosen.filter((one) => !seen.some((other) => isSame(one, other)))];
  const toggle = (tool: Chosen[number]) =>
    onChange(
      chosen.some((one) => isSame(one, tool))
        ? chosen.filter((one) => !isSame(one, tool))
        : [...chosen, tool],
    );
  return (
    <fieldset name="tools" tabIndex={-1} className="grid gap-1.5 rounded-lg">
      <legend className="mb-1.5 text-sm font-medium">{t('tools.profiles.tools')}</legend>
      {offered.length === 0 && <p className="text-sm text-ink-faint">{t('tools.profiles.none')}</p>}
      {offered.map((tool) => (
        <TickBox
          key={`${tool.server} ${tool.tool}`}
          checked={chosen.some((one) => isSame(one, tool))}
          onChange={() => toggle(tool)}
        >
          <code className="break-all">{`${tool.server}__${tool.tool}`}</code>
        </TickBox>
      ))}
      {error && <p className="text-sm text-danger">{t('tools.profiles.twice')}</p>}
    </fieldset>
  );
}

interface ContentProps {
  servers: readonly KeptMcpServer[];
  /** A server by name, or none. */
  chosen: string | null;
  onChange: (chosen: string | null) => void;
}

/** Whose prompts and resources a profile has. */
function ContentField({ servers, chosen, onChange }: ContentProps) {
  const { t } = useTranslation();
  return (
    <SelectField
      name="contentOf"
      label={t('tools.profiles.content')}
      hint={t('tools.profiles.contentHint')}
      value={chosen ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    >
      <option value="">{t('tools.profiles.noContent')}</option>
      {servers.map(({ id, name }) => (
        <option key={id} value={name}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

interface ProfileToolsFormProps {
  /** The profile that is changed; a new one where there is none. */
  profile: McpProfile | undefined;
  servers: readonly KeptMcpServer[];
  submit: (fields: ProfileFields) => Promise<void>;
  onCancel: () => void;
}

/** The name of a profile, and what it has. */
export function ProfileToolsForm({ profile, servers, submit, onCancel }: ProfileToolsFormProps) {
  const { t } = useTranslation();
  const [tools, setTools] = useState<Chosen>(profile?.tools ?? []);
  const [contentOf, setContentOf] = useState(profile?.contentOf ?? null);
  const form = useForm({ schema, values: { tools, contentOf }, submit });
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('name')}
        label={t('tools.profiles.name')}
        hint={t('tools.profiles.nameHint')}
        defaultValue={profile?.name}
        maxLength={32}
        autoComplete="off"
        spellCheck={false}
      />
      <TextField
        {...form.field('title')}
        label={t('tools.profiles.titled')}
        defaultValue={profile?.title}
        maxLength={200}
        autoComplete="off"
      />
      <Choice servers={servers} chosen={tools} error={form.field('tools').error} onChange={setTools} />
      <ContentField servers={servers} chosen={contentOf} onChange={setContentOf} />
      <FormButtons
        submit={t(profile ? 'tools.form.save' : 'tools.profiles.submit')}
        sending={form.sending}
        cancel={t('tools.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
