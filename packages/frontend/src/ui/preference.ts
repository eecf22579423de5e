/** A choice that this browser remembers. Never for secrets: any script of the page can read it. */
export interface Preference {
  read: () => string | null;
  write: (value: string) => void;
}

/** Where the browser forbids storage, the choice lasts as long as the page. */
export function createPreference(
  name: string,
  storage: () => Pick<Storage, 'getItem' | 'setItem'>,
): Preference {
  let remembered: string | null = null;
  return {
    read() {
      try {
        return storage().getItem(name);
      } catch {
        return remembered; // storage is blocked
      }
    },
    write(value) {
      remembered = value;
      try {
        storage().setItem(name, value);
      } catch {
        return; // storage is blocked or full; `remembered` holds the choice
      }
    },
  };
}
