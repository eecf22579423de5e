import type { ModelCapability } from '@smart-ai-hub/shared/contracts';
import type { Offer, Service } from './provider.ts';

/** What a request may need beside an answer. */
export type Need = Extract<ModelCapability, 'vision' | 'tools' | 'json'>;

/** What a request asks of whoever answers it. */
export interface Wish {
  service: Service;
  needs?: readonly Need[];
}

const LACKS: Record<Service | Need, string> = {
  chat: 'does not chat',
  embedding: 'makes no embeddings',
  image: 'makes no images',
  vision: 'sees no images',
  tools: 'calls no tools',
  json: 'does not answer in JSON',
};

/** What nobody has said of a model is not held against it, but for images: one that chats is not asked for a picture. */
const DOES: Record<Service, (capabilities: Offer['capabilities']) => boolean> = {
  chat: ({ embeddings }) => embeddings !== true,
  embedding: ({ embeddings }) => embeddings !== false,
  image: ({ images }) => images === true,
};

/** In words, why this provider surely cannot do what is asked for; nothing where it may. */
export function lackOf(offer: Offer, { service, needs = [] }: Wish): string | undefined {
  const { provider, capabilities } = offer;
  if (!provider[service] || !DOES[service](capabilities)) return LACKS[service];
  const lacking = needs.find((need) => capabilities[need] === false);
  return lacking && LACKS[lacking];
}

/** Of what a request needs, how much nobody has said that it can do. */
export function unsaidOf({ capabilities }: Offer, { service, needs = [] }: Wish): number {
  const wanted: ModelCapability[] = service === 'embedding' ? ['embeddings', ...needs] : [...needs];
  return wanted.filter((capability) => capabilities[capability] === undefined).length;
}
