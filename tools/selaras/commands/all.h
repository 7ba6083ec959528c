#pragma once

#include "tools/selaras/command.h"

// Every command, one function a group; each is defined in the file of its name.
namespace selaras::cli {

Command AccessCommands();
Command AttachmentCommands();
Command AuditCommands();
Command CaseCommands();
Command ReportCommands();
Command DirectoryCommands();
Command EmergencyCommands();
Command EraseCommands();
Command ReporterCommands();
Command LogCommands();
Command NodeCommands();
Command CheckpointCommands();
Command ClockCommands();
Command ExchangeCommands();
Command BackupCommands();
Command LinkCommands();
Command ProofCommands();
Command ReceiptCommands();
Command ReferenceCommand();
Command ImportCommand();
Command ExportCommands();
Command ReconcileCommand();
Command WorklistCommand();
Command StatusCommand();
Command SubjectAccessCommand();
Command StatsCommand();
Command KeyCommands();
Command VersionCommand();
Command WitnessCommand();

// A part of `attachment`, in a file of its own.
Command AttachmentAddCommand();

// A part of `backup`, in a file of its own.
Command BackupRecoverCommand();

// Parts of `case`, in files of their own.
Command CaseCustodyCommand();
Command CaseFindCommand();
Command CaseInactionCommand();
Command CaseProveCommand();
Command CaseVerifyCommand();
Command CaseWatchCommand();

// Parts of `log`, in files of their own.
Command LogDiffCommand();
Command LogExportCommand();
Command LogProveCommand();
Command KeyHistoryCommand();
Command KeyRewrapCommand();
Command LogVerifyCommand();
Command LogStatsCommand();
Command LogSucceedCommand();

}  // namespace selaras::cli
