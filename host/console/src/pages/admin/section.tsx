import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Modal,
  Stack,
  Table,
  Text,
  Tooltip,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/problem.ts";
import { notifyFailure } from "../../components/notify.ts";

interface SectionProps {
  addLabel: string;
  onAdd: () => void;
  children: ReactNode;
}

/** A list with a button that adds to it. */
export function Section({ addLabel, onAdd, children }: SectionProps) {
  return (
    <Stack gap="sm" align="stretch">
      <Button w="fit-content" size="sm" leftSection={<IconPlus size={16} />} onClick={onAdd}>
        {addLabel}
      </Button>
      <div className="panel">{children}</div>
    </Stack>
  );
}

/** Columns' names, and rows; the last column is for a row's buttons. */
export function List({ head, children }: { head: string[]; children: ReactNode }) {
  return (
    <div className="scroll-x">
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {head.map((each) => (
              <Table.Th key={each}>{each}</Table.Th>
            ))}
            <Table.Th aria-hidden />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}

interface RowButtonsProps {
  name: string;
  onEdit?: () => void;
  onDelete?: () => Promise<unknown>;
}

export function RowButtons({ name, onEdit, onDelete }: RowButtonsProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const remove = async () => {
    setDeleting(true);
    try {
      await onDelete?.();
      setAsking(false);
    } catch (error) {
      notifyFailure(error);
    } finally {
      setDeleting(false);
    }
  };
  return (
    <Table.Td>
      <Group gap={4} justify="flex-end" wrap="nowrap">
        {onEdit && (
          <Tooltip label={t("edit")}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`${t("edit")}: ${name}`}
              onClick={onEdit}
            >
              <IconPencil size={17} />
            </ActionIcon>
          </Tooltip>
        )}
        {onDelete && (
          <Tooltip label={t("delete")}>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`${t("delete")}: ${name}`}
              onClick={() => setAsking(true)}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("admin.confirmDelete", { name })}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Text size="sm">{t("admin.confirmDeleteHint")}</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t("cancel")}
          </Button>
          <Button color="red.8" loading={deleting} onClick={() => void remove()}>
            {t("delete")}
          </Button>
        </Group>
      </Modal>
    </Table.Td>
  );
}

interface DialogProps<Values extends Record<string, unknown>> {
  title: string;
  form: UseFormReturnType<Values>;
  error: unknown;
  saving: boolean;
  onClose: () => void;
  onSave: (values: Values) => void;
  children: ReactNode;
}

/** A form in a window. What the server says about a field stands at that field. */
export function FormDialog<Values extends Record<string, unknown>>({
  title,
  form,
  error,
  saving,
  onClose,
  onSave,
  children,
}: DialogProps<Values>) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <form onSubmit={form.onSubmit(onSave)} noValidate>
        <Stack gap="sm">
          {error !== null && error !== undefined && (
            <Alert color="red" role="alert">
              {explain(error, t)}
            </Alert>
          )}
          {children}
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={saving}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
