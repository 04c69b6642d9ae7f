"""Says what a preflight found, and trains nothing: `hornbook train --check`, and the look before a build."""

from schemas.job import Job
from train.events import emit_event, run_program
from train.preflight import check_model, prepare


def main() -> None:
    run_program(check)


def check(job: Job) -> None:
    """Check what is known of a job: with a version all of it, without one the model alone."""
    found = prepare(job)[1] if job.version else check_model(job)
    emit_event("preflight", document=found.model_dump_json())


if __name__ == "__main__":
    main()
