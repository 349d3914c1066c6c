/** What every section of the editor is given. */

import type { Form } from "../../form/form";
import type { Mistakes } from "../../form/mistakes";

export interface Part {
  form: Form;
  mistakes: Mistakes;
  change: (part: Partial<Form>) => void;
}
