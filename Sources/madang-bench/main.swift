Measure.machine()
ProgrammeBenches.floor()
ProgrammeBenches.commands()
ProgrammeBenches.round()
