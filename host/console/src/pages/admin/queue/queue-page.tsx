import { Alert, Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { api, ask } from "../../../api/client.ts";
import { formErrors } from "../../../api/fields.ts";
import { explain, Problem } from "../../../api/problem.ts";
import { keys, useCalendars, useChange, useFlows, useQueues } from "../../../api/queries.ts";
import type { QueueForm, QueueRow } from "../../../api/types.ts";
import { notifyDone } from "../../../components/notify.ts";
import { Empty, Loaded } from "../../../components/states.tsx";
import { Basics } from "./basics.tsx";
import { Comfort } from "./comfort.tsx";
import { Doors } from "./doors.tsx";
import { draftOf, type QueueValues, valuesOf } from "./form.ts";
import { Qualified } from "./qualified.tsx";

/** A queue with all its rules; `new` makes one. */
export default function QueuePage() {
  const { t } = useTranslation();
  const { id = "" } = useParams();
  const queues = useQueues();

  return (
    <Stack gap="md">
      <Anchor component={Link} to="/admin/queues" size="sm" w="fit-content">
        <Group gap={4}>
          <IconArrowLeft size={14} />
          {t("admin.queue.all")}
        </Group>
      </Anchor>
      <Loaded of={queues}>
        {(rows) => {
          const queue = rows.find((row) => row.id === id) ?? null;
          if (!queue && id !== "new") {
            return (
              <div className="panel">
                <Empty>{t("admin.queue.gone")}</Empty>
              </div>
            );
          }
          return <Editor key={id} queue={queue} queues={rows} />;
        }}
      </Loaded>
    </Stack>
  );
}

function Editor({ queue, queues }: { queue: QueueRow | null; queues: QueueRow[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const calendars = useCalendars();
  const policies = (useFlows().data ?? []).filter(({ kind }) => kind === "policy");
  const required = (value: string) => (value.trim() ? null : t("signIn.required"));
  const present = (value: unknown) =>
    value === null || value === "" ? t("signIn.required") : null;
  const form = useForm<QueueValues>({
    initialValues: valuesOf(queue),
    validate: {
      name: required,
      ring_timeout_ms: present,
      progress_every_ms: present,
      service_level_ms: present,
      max_waiting: present,
      rules: { rings: { after_ms: present } },
    },
  });
  const save = useChange(
    (body: QueueForm) =>
      queue
        ? ask(api.PUT("/api/v1/queues/{id}", { params: { path: { id: queue.id } }, body }))
        : ask(api.POST("/api/v1/queues", { body })),
    keys.queues,
  );
  const title = queue ? t("admin.queue.edit", { name: queue.name }) : t("admin.queue.add");
  useEffect(() => {
    document.title = `${title} · ${t("brand")}`;
  }, [title, t]);

  const submit = form.onSubmit((values) =>
    save.mutate(draftOf(values), {
      onSuccess: () => {
        notifyDone(t("admin.saved"));
        navigate("/admin/queues");
      },
      onError: (error) => {
        if (error instanceof Problem) form.setErrors(formErrors(error.fields));
      },
    }),
  );
  const part = { form, queue: queue?.id ?? null };

  return (
    <form onSubmit={submit} noValidate data-testid="queue-form">
      <Stack gap="md">
        <Title order={1}>{title}</Title>
        <Basics {...part} policies={policies.map(({ name }) => name)} />
        <Qualified {...part} />
        <Doors
          {...part}
          calendars={(calendars.data ?? []).map(({ name }) => name)}
          queues={queues.filter((each) => each.id !== queue?.id)}
        />
        <Comfort {...part} />
        <div className="panel save-bar">
          {save.error && (
            <Alert color="red" role="alert" mb="sm" py="xs">
              {explain(save.error, t)}
            </Alert>
          )}
          <Group justify="space-between" gap="sm">
            <Text size="sm" className="quiet" visibleFrom="sm">
              {t("admin.queue.atOnce")}
            </Text>
            <Group gap="sm">
              <Button variant="default" component={Link} to="/admin/queues">
                {t("cancel")}
              </Button>
              <Button type="submit" data-testid="save-queue" loading={save.isPending}>
                {t("save")}
              </Button>
            </Group>
          </Group>
        </div>
      </Stack>
    </form>
  );
}
