/** A vocabulary as js-tiktoken ships it. */
export interface Vocabulary {
  /** Splits text into pieces that are encoded each by itself. */
  pat_str: string;
  /** Lines of `! first-rank token token …`, tokens in base64 and in the order of their ranks. */
  bpe_ranks: string;
}

/** Rank of a token, by its bytes; the lower, the earlier it is merged. */
export interface Ranks {
  /** The rank of `bytes[from..to)`, or -1 where that is no token. */
  rank: (bytes: Uint8Array, from: number, to: number) => number;
}

/**
 * All tokens in a few flat arrays, found by hash: 6 MB for the 200,000 tokens of o200k_base, where a map of
 * strings takes 50.
 */
export function readRanks(vocabulary: Vocabulary): Ranks {
  const { bytes, starts, count, longest } = readTokens(vocabulary);
  const mask = 2 ** Math.ceil(Math.log2(count * 2)) - 1;
  const slots = new Int32Array(mask + 1).fill(-1);
  for (let i = 0; i < count; i++) {
    let slot = hash(bytes, at(starts, i), at(starts, i + 1)) & mask;
    while (at(slots, slot) !== -1) slot = (slot + 1) & mask;
    slots[slot] = i;
  }

  const isToken = (token: number, other: Uint8Array, from: number, to: number) => {
    const start = at(starts, token);
    if (at(starts, token + 1) - start !== to - from) return false;
    for (let i = 0; i < to - from; i++) if (bytes[start + i] !== other[from + i]) return false;
    return true;
  };

  return {
    rank: (other, from, to) => {
      if (to - from > longest) return -1;
      let slot = hash(other, from, to) & mask;
      for (let token = at(slots, slot); token !== -1; token = at(slots, slot)) {
        if (isToken(token, other, from, to)) return token;
        slot = (slot + 1) & mask;
      }
      return -1;
    },
  };
}

/** In the order of their ranks, which have no gaps; decoded in place, since 200,000 little buffers are never given back. */
function readTokens({ bpe_ranks: text }: Vocabulary) {
  const bytes = Buffer.alloc(text.length);
  const starts = new Uint32Array(text.length / 2);
  let count = 0;
  let longest = 0;
  for (const line of text.split('\n').filter(Boolean)) {
    let from = line.indexOf(' ', 2) + 1;
    while (from > 0) {
      const space = line.indexOf(' ', from);
      const start = at(starts, count);
      const written = bytes.write(line.slice(from, space < 0 ? undefined : space), start, 'base64');
      starts[++count] = start + written;
      longest = Math.max(longest, written);
      from = space + 1;
    }
  }
  return { bytes, starts: starts.slice(0, count + 1), count, longest };
}

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5;
  for (let i = from; i < to; i++) value = Math.imul(value ^ at(bytes, i), 0x01000193);
  return value >>> 0;
}

/** An element that is there: indexes here come from the arrays' own lengths. */
const at = (array: Uint8Array | Uint32Array | Int32Array, index: number): number => array[index] ?? 0;

/** A place in the queue is one number: rank, then position, so that the lowest comes first and leftmost. */
const PLACE = 2 ** 32;

/**
 * How many tokens `bytes[0..length)` is merged into: byte pair encoding, always the lowest rank first and the
 * leftmost of equals. Pairs wait in a heap, so that a piece of n bytes takes n log n steps; searching the
 * pieces anew for each merge takes n² and minutes for a long word.
 */
export function countMerged({ rank }: Ranks, bytes: Uint8Array, length: number): number {
  if (length <= 1 || rank(bytes, 0, length) !== -1) return Math.min(length, 1);
  // part i begins at byte i and ends before byte next[i]; a part that was merged into its left has next 0
  const next = Int32Array.from({ length: length + 1 }, (_, i) => i + 1);
  const previous = Int32Array.from({ length: length + 1 }, (_, i) => i - 1);
  const pairRank = new Int32Array(length).fill(-1);
  const queue: number[] = [];
  let parts = length;

  const look = (left: number) => {
    const right = left < 0 ? length : at(next, left);
    if (right >= length) return;
    const found = rank(bytes, left, at(next, right));
    pairRank[left] = found;
    if (found !== -1) push(queue, found * PLACE + left);
  };

  for (let i = 0; i < length - 1; i++) look(i);
  for (let place = pop(queue); place !== undefined; place = pop(queue)) {
    const left = place % PLACE;
    if (at(next, left) === 0 || at(pairRank, left) !== (place - left) / PLACE) continue; // merged or changed since
    const right = at(next, left);
    const end = at(next, right);
    next[left] = end;
    next[right] = 0;
    pairRank[left] = -1;
    previous[end] = left;
    parts -= 1;
    look(left);
    look(at(previous, left));
  }
  return parts;
}

function push(heap: number[], value: number): void {
  let i = heap.push(value) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent] ?? 0;
    if (above <= value) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = value;
}

function pop(heap: number[]): number | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return top;
  let i = 0;
  for (;;) {
    const left = 2 * i + 1;
    const child = (heap[left + 1] ?? Infinity) < (heap[left] ?? Infinity) ? left + 1 : left;
    const below = heap[child];
    if (below === undefined || below >= last) break;
    heap[i] = below;
    i = child;
  }
  heap[i] = last;
  return top;
}
