/** Each service, and how many of its operations are served. */

import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import Table from "@cloudscape-design/components/table";
import { useMemo } from "react";
import type { ServedOperation } from "../../api/shapes";
import { useHash } from "../../app/address";
import { GRADES, served } from "./Grade";
import { useCoverageTexts } from "./texts";

interface Service {
  name: string;
  operations: ServedOperation[];
}

export function Services({ operations }: { operations: ServedOperation[] }) {
  const texts = useCoverageTexts();
  const [, change] = useHash();
  const services = useMemo(() => byService(operations), [operations]);
  const columns = [
    {
      id: "service",
      header: texts.service,
      isRowHeader: true,
      minWidth: 170,
      cell: ({ name }: Service) => <Link onFollow={() => change({ service: name })}>{name}</Link>,
    },
    {
      id: "share",
      header: texts.share,
      minWidth: 180,
      cell: ({ name, operations: all }: Service) => (
        <ProgressBar value={(100 * served(all)) / all.length} additionalInfo={texts.served(served(all), all.length)} ariaLabel={name} />
      ),
    },
    ...GRADES.map((grade) => ({
      id: grade,
      header: texts.grades[grade],
      minWidth: 90,
      cell: ({ operations: all }: Service) => all.filter((each) => each.grade === grade).length,
    })),
  ];
  return (
    <Table<Service>
      header={<Header variant="h2">{texts.services}</Header>}
      items={services}
      columnDefinitions={columns}
      trackBy="name"
      ariaLabels={{ tableLabel: texts.services }}
    />
  );
}

function byService(operations: ServedOperation[]): Service[] {
  const services = new Map<string, ServedOperation[]>();
  for (const each of operations) services.set(each.serviceName, [...(services.get(each.serviceName) ?? []), each]);
  return [...services].map(([name, its]) => ({ name, operations: its }));
}
