import type { en } from "./en/index.ts";

/** The same tree with any words: what a translation must fill. Plurals that a language lacks may be left out. */
type Words<T> = T extends string
  ? string
  : { [K in keyof T as K extends `${string}_one` ? never : K]: Words<T[K]> } & {
      [K in keyof T as K extends `${string}_one` ? K : never]?: Words<T[K]>;
    };

export type Texts = Words<typeof en>;
