import { describe, expect, it } from 'vitest';

const sources = import.meta.glob<string>(['./**/*.{ts,tsx}', '!./**/*.test.ts', '!./testing/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Files, and what of them matches. */
function found(pattern: RegExp, among = /./): string[] {
  return Object.entries(sources)
    .filter(([path]) => among.test(path))
    .flatMap(([path, text]) => [...text.matchAll(pattern)].map(([match]) => `${path}: ${match}`));
}

describe('this package', () => {
  it('is looked at', () => {
    expect(Object.keys(sources).length).toBeGreaterThan(50);
  });

  it('stores nothing in the browser but the two preferences that main.tsx makes', () => {
    expect(found(/\b(localStorage|sessionStorage|indexedDB|document\.cookie)\b/g)).toEqual([
      './main.tsx: localStorage',
      './main.tsx: localStorage',
    ]);
  });

  it('reaches the network by one door', () => {
    expect(found(/\b(XMLHttpRequest|EventSource|sendBeacon)\b|[^.\w]fetch\(/g)).toEqual([
      './api/exchange.ts:  fetch(',
      './main.tsx:  fetch(',
    ]);
  });

  it('writes no markup or style that the content security policy forbids', () => {
    expect(found(/dangerouslySetInnerHTML|innerHTML|<style|<script|\bstyle=/g)).toEqual([]);
  });

  it('shows no words that are not translated', () => {
    const literal = /[\w"'}]>\s*[A-Za-z][^<>{}=;()]*<\/|\b(aria-label|placeholder|title|alt)="[^"]+"/g;
    expect(found(literal, /\.tsx$/)).toEqual([]);
  });

  it('says that something is done when the page shows it: what changed is asked for anew first', () => {
    expect(found(/\bvoid (forget\w*|refresh|queries\.\w+)\(/g)).toEqual([
      './pages/chat/use-conversation.tsx: void forgetConversationList(', // of which nothing is said
    ]);
  });

  it('loads nothing from elsewhere', () => {
    expect(found(/https?:\/\/(?!www\.w3\.org)[\w.]+/g)).toEqual([]);
  });
});
