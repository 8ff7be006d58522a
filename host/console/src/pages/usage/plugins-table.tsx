import { Anchor, Progress, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { PluginKind } from "../../api/types.ts";
import { count, percent, round } from "../../components/format.ts";
import { addressOf } from "../flows/address.ts";
import type { PluginSum } from "./sums.ts";

interface Props {
  sums: PluginSum[];
  /** Of rows of one purpose alone, what is not for contacts need not be told. */
  ofOnePurpose: boolean;
}

/** What each plugin used in the chosen days, the dearest first. */
export function PluginsTable({ sums, ofOnePurpose }: Props) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => count(Math.round(value), i18n.language);
  const all = sums.reduce((sum, plugin) => sum + plugin.fuel, 0);
  return (
    <div className="scroll-x">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("usage.plugin")}</Table.Th>
            <Table.Th miw={180}>{t("flows.fuel")}</Table.Th>
            <Table.Th className="number">{t("flows.calledHow")}</Table.Th>
            <Table.Th className="number">{t("flows.faults")}</Table.Th>
            <Table.Th className="number">{t("usage.time")}</Table.Th>
            <Table.Th className="number">{t("flows.fuelMost")}</Table.Th>
            <Table.Th className="number">{t("flows.memoryMost")}</Table.Th>
            <Table.Th className="number">{t("usage.versions")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sums.map((sum) => (
            <Table.Tr key={`${sum.kind}/${sum.name}`} data-usage={sum.name}>
              <Table.Td>
                <Anchor component={Link} to={addressOf(sum.kind as PluginKind, sum.name)} size="sm">
                  {sum.name}
                </Anchor>
                <Text size="xs" className="quiet">
                  {t(`flows.kind.${sum.kind as PluginKind}`)}
                </Text>
              </Table.Td>
              <Table.Td>
                <Progress
                  value={(100 * sum.fuel) / Math.max(1, all)}
                  size="sm"
                  aria-label={t("flows.fuel")}
                />
                <Text size="xs" className="figures quiet">
                  {number(sum.fuel)} · {percent(all > 0 ? sum.fuel / all : null, i18n.language)}
                </Text>
                {sum.beside > 0 && !ofOnePurpose && (
                  <Text size="xs" className="figures quiet" data-testid="usage-beside">
                    {t("usage.beside", { fuel: number(sum.beside) })}
                  </Text>
                )}
              </Table.Td>
              <Table.Td className="number">{number(sum.calls)}</Table.Td>
              <Table.Td className="number" c={sum.faults > 0 ? "red" : undefined}>
                {number(sum.faults)}
              </Table.Td>
              <Table.Td className="number">
                {t("usage.seconds", { time: round(sum.took_us / 1e6) })}
              </Table.Td>
              <Table.Td className="number">{number(sum.most_fuel)}</Table.Td>
              <Table.Td className="number">
                {t("flows.kib", { size: number(sum.most_memory_bytes / 1024) })}
              </Table.Td>
              <Table.Td className="number">{number(sum.versions)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
