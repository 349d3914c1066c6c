/** Code to read and to copy. */

import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { useMemo } from "react";
import { type CodeLanguage, pieces } from "../code/highlight";
import { useTexts } from "../texts/texts";

interface Shown {
  code: string;
  /** None: no colours. */
  language: CodeLanguage | null;
  /** What it is, for those who do not see it. */
  label: string;
  /** What is copied, where that is more than what is shown. */
  copied?: string;
}

export function Code({ code, language, label, copied }: Shown) {
  const texts = useTexts();
  const shown = useMemo(() => (language ? pieces(code, language) : [["plain", code] as const]), [code, language]);
  return (
    <div className="code">
      <pre tabIndex={0} role="group" aria-label={label} lang="en">
        <code>
          {shown.map(([kind, text], place) => (
            <span key={place} className={`code-${kind}`}>
              {text}
            </span>
          ))}
        </code>
      </pre>
      <div className="code-copy">
        <CopyToClipboard
          variant="icon"
          textToCopy={copied ?? code}
          copyButtonAriaLabel={`${texts.copy}: ${label}`}
          copySuccessText={texts.copied}
          copyErrorText={texts.notCopied}
        />
      </div>
    </div>
  );
}
