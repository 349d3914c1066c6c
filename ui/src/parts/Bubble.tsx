/** Something said in a conversation, and by whom. */

import Icon from "@cloudscape-design/components/icon";
import type { ReactNode } from "react";

interface Shown {
  from: "person" | "model";
  label: string;
  /** Whether more is coming. */
  growing?: boolean;
  actions?: ReactNode;
  children: ReactNode;
}

export function Bubble({ from, label, growing = false, actions, children }: Shown) {
  return (
    <div className={`bubble bubble-${from}`} role="group" aria-label={label} aria-busy={growing}>
      <div className={`face ${growing ? "face-busy" : ""}`} aria-hidden="true">
        <Icon name={from === "model" ? "gen-ai" : "user-profile"} />
      </div>
      <div className="said">
        {children}
        {actions && <div className="acts">{actions}</div>}
      </div>
    </div>
  );
}
