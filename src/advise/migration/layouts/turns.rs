//! Retries in migrations that are programs: what waited for a lock in vain is taken back to a savepoint and tried
//! again, within the transaction of the migration. Nothing else was done in it, so no lock is held meanwhile.

/// Tries, with pauses of 2, 4, 8 and 16 seconds between them: half a minute is longer than what most sessions hold
/// a lock for, and a deployment waits for it.
const TRIES: u32 = 5;
/// End of a range of them in Python.
const END: u32 = TRIES + 1;

/// Why, above each of them.
const ABOUT: &str =
    "If a lock is not had in time, what was done is taken back and tried again after a while.";

/// Whether statements limit the wait for a lock in their transaction.
pub(super) fn waits(statements: &[String]) -> bool {
    let mut lines = statements.iter().flat_map(|statement| statement.lines());
    lines.any(|line| line.starts_with("SET LOCAL lock_timeout"))
}

/// Methods of a migration of Rails.
pub(super) fn of_rails() -> String {
    format!(
        "
  private

  # {ABOUT}
  def in_turns
    tried = 0
    begin
      connection.transaction(requires_new: true) {{ yield }}
    rescue ActiveRecord::LockWaitTimeout
      tried += 1
      raise if tried == {TRIES}
      sleep(2**tried)
      retry
    end
  end
"
    )
}

/// A kind of `RunSQL` of Django, with what it imports.
pub(super) fn of_django() -> String {
    format!(
        "import time

from django.db import OperationalError, migrations, transaction


# {ABOUT}
class InTurns(migrations.RunSQL):
    def _run_sql(self, schema_editor, sqls):
        if schema_editor.collect_sql:
            return super()._run_sql(schema_editor, sqls)
        for tried in range(1, {END}):
            try:
                with transaction.atomic(using=schema_editor.connection.alias):
                    return super()._run_sql(schema_editor, sqls)
            except OperationalError as error:
                cause = error.__cause__
                state = getattr(cause, \"sqlstate\", None) or getattr(cause, \"pgcode\", None)
                if state != \"55P03\" or tried == {TRIES}:
                    raise
                time.sleep(2**tried)
"
    )
}

/// A function for revisions of Alembic, with what it imports.
pub(super) fn of_alembic() -> String {
    format!(
        "import time

from alembic import op
from sqlalchemy.exc import DBAPIError


# {ABOUT}
def in_turns(change):
    if op.get_context().as_sql:
        return change()
    for tried in range(1, {END}):
        try:
            with op.get_bind().begin_nested():
                return change()
        except DBAPIError as error:
            cause = error.orig
            state = getattr(cause, \"sqlstate\", None) or getattr(cause, \"pgcode\", None)
            if state != \"55P03\" or tried == {TRIES}:
                raise
            time.sleep(2**tried)
"
    )
}
