/** Screens that are fetched when they are first shown. */

import { type ComponentType, lazy } from "react";

type Fetching<Shown> = () => Promise<{ default: ComponentType<Shown> }>;

const failed = new Set<() => void>();

/** What could not be fetched is fetched again when it is next shown: for who has told of the failure. */
export function fetchAgain(): void {
  for (const renew of failed) renew();
  failed.clear();
}

export function later<Shown extends object>(fetching: Fetching<Shown>): ComponentType<Shown> {
  // React keeps for good what a fetch ended with.
  const fresh = () =>
    lazy(() =>
      fetching().catch((error: unknown) => {
        failed.add(() => (Screen = fresh()));
        throw error;
      }),
    );
  let Screen = fresh();

  return function Later(shown: Shown) {
    return <Screen {...shown} />;
  };
}
