import {
  maxConcurrent,
  type MODEL_CAPABILITIES,
  type ProviderModel,
  providersContract,
} from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { count, required } from './typed-values.ts';

const { shape } = providersContract.createProvider.body;
const { shape: changed } = providersContract.updateProvider.body;

/** Keys have no blanks, and so are apart by them; none typed leaves them as they are. */
const keys = z
  .string()
  .transform((text) => {
    const list = text.split(/\s+/).filter(Boolean);
    return list.length > 0 ? list : undefined;
  })
  .pipe(changed.apiKeys);

/** What it takes to ask a provider. */
export const connectionFields = z.object({
  format: shape.format,
  baseUrl: required.pipe(shape.baseUrl),
  apiKeys: keys,
});

export const providerFields = connectionFields.extend({
  name: required.pipe(shape.name),
  models: shape.models,
  outputLimitField: shape.outputLimitField,
  maxConcurrent: count.pipe(maxConcurrent),
  /** A box that is not ticked is not there. */
  unchecked: z.literal('on').optional(),
});
export type ProviderFields = z.output<typeof providerFields>;

type Capability = (typeof MODEL_CAPABILITIES)[number];

/** A model while it is typed. */
export interface ModelRow {
  /** Its own while the form is open, whatever is typed. */
  key: string;
  id: string;
  upstreamId: string;
  maxOutputTokens: string;
  contextTokens: string;
  openToGuests: boolean;
  capabilities: Partial<Record<Capability, boolean>>;
}

const NEW: ProviderModel = { id: '' };

/** A new model before anything is typed; or one that is there, as it would be typed. */
export function modelRow(key: string, model = NEW): ModelRow {
  const { id, upstreamId = '', maxOutputTokens = '', contextTokens = '', openToGuests = false } = model;
  const numbers = { maxOutputTokens: String(maxOutputTokens), contextTokens: String(contextTokens) };
  return { key, id, upstreamId, ...numbers, openToGuests, capabilities: model.capabilities ?? {} };
}

const filled = (text: string) => (text.trim() === '' ? undefined : text.trim());
const number = (text: string) => (filled(text) === undefined ? undefined : Number(text));

/** What was typed, for the schema to judge; what was left empty is not said. */
export const modelOf = (row: ModelRow) => ({
  ...{ id: row.id.trim(), upstreamId: filled(row.upstreamId) },
  ...{ maxOutputTokens: number(row.maxOutputTokens), contextTokens: number(row.contextTokens) },
  openToGuests: row.openToGuests || undefined,
  capabilities: Object.keys(row.capabilities).length > 0 ? row.capabilities : undefined,
});

/** What a model can do, after somebody ticked a box or took the tick away, which says nothing. */
export function toggled(
  { capabilities }: Pick<ModelRow, 'capabilities'>,
  name: Capability,
): ModelRow['capabilities'] {
  const { [name]: can, ...others } = capabilities;
  return can ? others : { ...others, [name]: true };
}
