"""Properties have no deadline: on a busy machine any example may take long."""

from hypothesis import settings

settings.register_profile("seqkit", deadline=None)
settings.load_profile("seqkit")
