/** What the address asks for. */

import { useMemo } from "react";
import { useHash } from "../../../app/address";
import { type Asked, read } from "./asked";

export function useAsked(): [Asked, ReturnType<typeof useHash>[1]] {
  const [address, change] = useHash();
  return [useMemo(() => read(address), [address]), change];
}
