using Gannet.Tool;

return GannetCommand.Run(args);
