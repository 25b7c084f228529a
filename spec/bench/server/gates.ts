/** Stops feeds by name, and lets them go on. */
export interface Gates {
  shut(name: string): void;
  open(name: string): void;
  /** Resolves when feeds of that name may go on; nothing where they may now. */
  opened(name: string | undefined): Promise<void> | undefined;
}

export function createGates(): Gates {
  const shut = new Map<string | undefined, { readonly opened: Promise<void>; open(): void }>();
  return {
    shut(name) {
      if (shut.has(name)) return;
      let open = () => {};
      const opened = new Promise<void>((resolve) => (open = resolve));
      shut.set(name, { opened, open });
    },
    open(name) {
      shut.get(name)?.open();
      shut.delete(name);
    },
    opened: (name) => shut.get(name)?.opened,
  };
}
