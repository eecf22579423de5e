/** What a file of tests opened, newest first. */
const opened: AsyncDisposable[] = [];

/** Opens something that stays until `endAll`, also where a later step of the set-up fails. */
export async function untilEnd<T extends AsyncDisposable>(opening: Promise<T>): Promise<T> {
  const thing = await opening;
  opened.unshift(thing);
  return thing;
}

/** For `afterAll`: ends what was opened, newest first. */
export async function endAll(): Promise<void> {
  for (const thing of opened.splice(0)) await thing[Symbol.asyncDispose]();
}
