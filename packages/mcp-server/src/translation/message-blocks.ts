import { type ArgumentProgress, follow, noArguments } from './argument-progress.ts';
import type { ToolCall } from './completion-shape.ts';
import { namedEvent } from './event-translator.ts';
import { sealedThought } from './gemini/thought-signature.ts';
import { callOfPiece, tooManyCalls } from './known-call.ts';
import { toolUseId } from './message-frame.ts';

/** Characters that may wait for an earlier block to end, and how many a waiting block counts for by itself. */
const MAX_HELD = 1_048_576;
const BLOCK_COST = 256;

interface Block {
  kind: 'thinking' | 'redacted_thinking' | 'text' | 'tool_use';
  /** Of a tool call only. */
  callIndex: number | undefined;
  id: string;
  name: string;
  progress: ArgumentProgress;
  state: 'waiting' | 'open' | 'closed';
  held: string;
}

/** The content blocks of one stream. */
export interface MessageBlocks {
  /** The index of the next block. */
  next: number;
  open: Block | undefined;
  /** In the order in which they were first heard of. */
  waiting: Block[];
  held: number;
  calls: Block[];
  /** True once the use of a tool was told. */
  called: boolean;
}

export const noBlocks = (): MessageBlocks => ({
  next: 0,
  open: undefined,
  waiting: [],
  held: 0,
  calls: [],
  called: false,
});

/** The events for a piece of text or thinking. */
export function speak(blocks: MessageBlocks, kind: 'thinking' | 'text', text: string): string {
  if (text === '') return '';
  const last = blocks.waiting.at(-1);
  const current = [blocks.open, last].find((block) => block?.kind === kind);
  return write(blocks, current ?? announce(blocks, kind), text);
}

/** The events for a piece of a tool call; what it is signed with goes before it. */
export function speakCall(blocks: MessageBlocks, call: ToolCall): string {
  let sealed = '';
  const block = callOfPiece(blocks.calls, call, () => {
    sealed = seal(blocks, call.signature);
    return announce(blocks, 'tool_use', call.index);
  });
  return sealed + write(blocks, block, call.args);
}

const seal = (blocks: MessageBlocks, signature: string) =>
  signature === '' ? '' : write(blocks, announce(blocks, 'redacted_thinking'), signature);

/** The events that end what is open and say all that still waits; a call that was never named is no call. */
export function closeBlocks(blocks: MessageBlocks): string {
  const rest = blocks.waiting.filter(isNamed);
  const events = [end(blocks), ...rest.map((block) => begin(blocks, block) + end(blocks))];
  for (const block of blocks.waiting) block.state = 'closed';
  blocks.waiting = [];
  blocks.held = 0;
  return events.join('');
}

function announce(blocks: MessageBlocks, kind: Block['kind'], callIndex?: number): Block {
  const progress = noArguments();
  const block: Block = { kind, callIndex, id: '', name: '', progress, state: 'waiting', held: '' };
  blocks.waiting.push(block);
  return block;
}

function write(blocks: MessageBlocks, block: Block, text: string): string {
  if (block.state === 'closed') return ''; // blanks behind the arguments, or what no vendor should send
  if (block.state === 'open') return delta(blocks, block, text) + takeTurns(blocks);
  block.held += text;
  blocks.held += text.length;
  const events = takeTurns(blocks);
  if (blocks.held + blocks.waiting.length * BLOCK_COST > MAX_HELD) throw tooManyCalls();
  return events;
}

/**
 * Anthropic's blocks come one after the other, OpenAI's calls may come at once: a call keeps its turn until its
 * arguments are whole, text and thinking until something else is said.
 */
function takeTurns(blocks: MessageBlocks): string {
  let events = '';
  for (let next = due(blocks); next; next = due(blocks)) events += end(blocks) + begin(blocks, next);
  return events;
}

function due({ open, waiting }: MessageBlocks): Block | undefined {
  if (open?.kind === 'tool_use' && !open.progress.complete) return undefined;
  return waiting.find(isNamed);
}

const isNamed = ({ kind, name }: Block) => kind !== 'tool_use' || name !== '';

function begin(blocks: MessageBlocks, block: Block): string {
  blocks.waiting = blocks.waiting.filter((other) => other !== block);
  blocks.open = block;
  block.state = 'open';
  blocks.called ||= block.kind === 'tool_use';
  const start = namedEvent('content_block_start', { index: blocks.next, content_block: emptyBlock(block) });
  const { held } = block;
  block.held = '';
  blocks.held -= held.length;
  return start + delta(blocks, block, held);
}

function end(blocks: MessageBlocks): string {
  const { open, next: index } = blocks;
  if (!open) return '';
  // A call without arguments is one with an empty object: whoever joins the pieces wants to parse them.
  const rest = open.kind === 'tool_use' && open.progress.blank ? delta(blocks, open, '{}') : '';
  blocks.next += 1;
  blocks.open = undefined;
  open.state = 'closed';
  return rest + namedEvent('content_block_stop', { index });
}

/** As a block begins; a sealed one is whole with that. */
function emptyBlock({ kind, id, name, held }: Block): object {
  if (kind === 'redacted_thinking') return sealedThought(held);
  if (kind === 'text') return { type: kind, text: '' };
  if (kind === 'thinking') return { type: kind, thinking: '', signature: '' };
  return { type: kind, id: id || toolUseId(), name, input: {} };
}

function delta({ next: index }: MessageBlocks, { kind, progress }: Block, text: string): string {
  if (text === '' || kind === 'redacted_thinking') return '';
  if (kind === 'tool_use') follow(progress, text);
  return namedEvent('content_block_delta', { index, delta: deltaOf(kind, text) });
}

function deltaOf(kind: Block['kind'], text: string): object {
  if (kind === 'text') return { type: 'text_delta', text };
  if (kind === 'thinking') return { type: 'thinking_delta', thinking: text };
  return { type: 'input_json_delta', partial_json: text };
}
